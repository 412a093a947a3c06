/** Bytes in order: pieces in memory, files read well ahead, other streams. */

import type { Bytes } from "./bytes";
import { SealingError } from "./errors";

/** Small slices of a file cost more than the encryption; two large ones are always on their way. */
const READ = 16 * 1024 * 1024;
const AHEAD = 2;
const ZEROS = 1024 * 1024;

/** A run of bytes whose length is known before it is read; a chunk is good until the next is asked for. */
export interface Piece {
  readonly size: number;
  chunks(): AsyncIterable<Bytes>;
}

export function bytesPiece(data: Bytes): Piece {
  return {
    size: data.length,
    async *chunks() {
      if (data.length) yield data;
    },
  };
}

export function zerosPiece(size: number): Piece {
  return {
    size,
    async *chunks() {
      for (let left = size; left > 0; left -= ZEROS) yield new Uint8Array(Math.min(left, ZEROS));
    },
  };
}

/** A file; the browser refuses to read it once it has changed on disk. */
export function blobPiece(blob: Blob): Piece {
  return {
    size: blob.size,
    async *chunks() {
      const waiting: Promise<ArrayBuffer>[] = [];
      let asked = 0;
      const ask = (): void => {
        if (asked >= blob.size) return;
        const slice = blob.slice(asked, asked + READ).arrayBuffer();
        // A failure is reported when its turn comes, not as an unhandled one before.
        slice.catch(() => undefined);
        waiting.push(slice);
        asked += READ;
      };
      for (let count = 0; count < AHEAD; count += 1) ask();
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        let data: ArrayBuffer;
        try {
          data = await next;
        } catch {
          throw new SealingError("SOURCE", "a file changed while it was read");
        }
        ask();
        yield new Uint8Array(data);
      }
    },
  };
}

/** Reads exact numbers of bytes from chunks of any size. */
export class Reader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(
    chunks: AsyncIterable<Uint8Array>,
    private readonly short: "TRUNCATED" | "SOURCE" = "TRUNCATED",
  ) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Exactly `size` bytes, or a refusal. */
  async read(size: number): Promise<Bytes> {
    return this.fill(new Uint8Array(size));
  }

  /** `size` bytes, or what is left. */
  async readUpTo(size: number): Promise<Bytes> {
    const data = new Uint8Array(size);
    const filled = await this.#into(data);
    return filled === size ? data : data.slice(0, filled);
  }

  /** Fills a buffer that its owner uses again and again: fresh ones cost more than the encryption. */
  async fill(data: Bytes): Promise<Bytes> {
    const filled = await this.#into(data);
    if (filled < data.length) throw new SealingError(this.short, `${filled} of ${data.length} bytes`);
    return data;
  }

  /** Whether nothing is left. */
  async ended(): Promise<boolean> {
    return !(await this.#more());
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #into(data: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < data.length && (await this.#more())) {
      const piece = this.#chunk.subarray(this.#at, this.#at + data.length - filled);
      data.set(piece, filled);
      this.#at += piece.length;
      filled += piece.length;
    }
    return filled;
  }

  async #more(): Promise<boolean> {
    while (this.#at >= this.#chunk.length) {
      const { done, value } = await this.#chunks.next();
      if (done) return false;
      this.#chunk = value;
      this.#at = 0;
    }
    return true;
  }
}

/** Pieces one after the other; a piece that gives more or less than it promised is refused. */
export function readPieces(pieces: readonly Piece[]): Reader {
  async function* all(): AsyncGenerator<Bytes> {
    for (const piece of pieces) {
      let given = 0;
      for await (const chunk of piece.chunks()) {
        given += chunk.length;
        yield chunk;
      }
      if (given !== piece.size) throw new SealingError("SOURCE", "a file changed its length while it was read");
    }
  }
  return new Reader(all(), "SOURCE");
}

/** A network stream as chunks. */
export async function* streamChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
