/** ct_root: a digest over digests of blocks, so that the browser's own SHA-256 can make it. SPEC.md §4. */

import { type Bytes, concat, sha256, utf8 } from "./bytes";

export const BLOCK = 512 * 1024;

/** Cuts what it is given into blocks and hashes each in the background. */
export class BlockRoot {
  readonly #digests: Promise<Bytes>[] = [];
  readonly #block = new Uint8Array(BLOCK);
  #filled = 0;

  /** Takes the next bytes; hands every full block on, which is good until the next is asked for. */
  *blocks(data: Uint8Array): Generator<Bytes> {
    for (let at = 0; at < data.length; ) {
      const piece = data.subarray(at, at + BLOCK - this.#filled);
      this.#block.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === BLOCK) yield this.#close();
    }
  }

  /** The last, shorter block, if there is one. */
  *last(): Generator<Bytes> {
    if (this.#filled) yield this.#close();
  }

  async digest(): Promise<Bytes> {
    return sha256(concat(utf8("ggzy-bid/1 ct\0"), ...(await Promise.all(this.#digests))));
  }

  #close(): Bytes {
    const block = this.#block.subarray(0, this.#filled);
    // The browser takes a copy at once, so the buffer serves for the next block too.
    this.#digests.push(sha256(block));
    this.#filled = 0;
    return block;
  }
}

/** ct_root of a whole file. */
export async function rootOf(chunks: AsyncIterable<Uint8Array>): Promise<Bytes> {
  const root = new BlockRoot();
  const drain = (blocks: Generator<Bytes>): void => {
    for (const _ of blocks) continue;
  };
  for await (const chunk of chunks) drain(root.blocks(chunk));
  drain(root.last());
  return root.digest();
}
