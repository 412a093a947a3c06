/** The package that lies in part 1: a manifest, then the files, streamed both ways. SPEC.md §3.3. */

import { type Bytes, concat, readU32, u32, utf8 } from "./bytes";
import { dumps, loads } from "./canonical";
import { SealingError, as } from "./errors";
import { type Piece, Reader, bytesPiece } from "./reading";
import { type Shaped, among, exact, isList, same, whole } from "./shapes";

export const PARTS = ["technical", "commercial", "price"] as const;
export type PartOfBid = (typeof PARTS)[number];

const MAX_FILES = 500;
const MAX_MANIFEST = 262_144;
const MAX_NAME_BYTES = 240;
const READ = 1024 * 1024;
// Separators and what Windows forbids; controls; marks that hide or turn the reading direction.
const FORBIDDEN = /[/\\<>:"|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** A file to be sealed. */
export interface PackedFile {
  readonly name: string;
  readonly part: PartOfBid;
  readonly content: Piece;
}

function isName(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value !== "" &&
    value.isWellFormed() &&
    !FORBIDDEN.test(value) &&
    utf8(value).length <= MAX_NAME_BYTES &&
    !/^[ .]|[ .]$/.test(value) &&
    value.normalize("NFC") === value
  );
}

/** Whether a file may carry this name in a package. */
export function nameIsAllowed(name: string): boolean {
  return isName(name);
}

const FILE = { name: isName, part: among(...PARTS), size: whole() };
export type ListedFile = Shaped<typeof FILE>;

function checkManifest(value: unknown): readonly ListedFile[] {
  const body = exact(value, { v: same(1), files: isList }, "package", "PACKAGE");
  const files = body.files.map((item) => exact(item, FILE, "file", "PACKAGE"));
  if (files.length > MAX_FILES) throw new SealingError("TOO_LARGE", `${files.length} files; ${MAX_FILES} is the limit`);
  const lower = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (new Set(files.map((file) => lower(file.name))).size !== files.length) {
    throw new SealingError("PACKAGE", "two files of one name");
  }
  return files;
}

/** The content of a package as pieces to be streamed. */
export function pack(files: readonly PackedFile[]): Piece[] {
  const manifest = { v: 1, files: files.map(({ name, part, content }) => ({ name, part, size: content.size })) };
  checkManifest(manifest);
  const data = dumps(manifest);
  if (data.length > MAX_MANIFEST) throw new SealingError("TOO_LARGE", "the list of files");
  return [bytesPiece(concat(u32(data.length), data)), ...files.map((file) => file.content)];
}

/** Takes opened files; they may be shown only after `publish`. */
export interface FileSink {
  begin(file: ListedFile): Promise<void> | void;
  write(data: Bytes): Promise<void> | void;
  end(): Promise<void> | void;
  publish(): Promise<void> | void;
  discard(): Promise<void> | void;
}

/** Lays the content of a package into `sink`; the caller publishes. */
export async function unpack(chunks: AsyncIterable<Bytes>, sink: FileSink): Promise<readonly ListedFile[]> {
  const reader = new Reader(chunks);
  const head = await reader.readUpTo(4);
  if (head.length < 4) throw new SealingError("PACKAGE", "ends before its list of files");
  const size = readU32(head);
  if (size > MAX_MANIFEST) throw new SealingError("PACKAGE", `a list of files of ${size} bytes`);
  const data = await reader.readUpTo(size);
  if (data.length < size) throw new SealingError("PACKAGE", "ends inside its list of files");
  const files = as("PACKAGE", () => checkManifest(loads(data)));
  for (const file of files) {
    await sink.begin(file);
    for (let left = file.size; left > 0; ) {
      const piece = await reader.readUpTo(Math.min(left, READ));
      if (!piece.length) throw new SealingError("PACKAGE", "ends before its last file");
      await sink.write(piece);
      left -= piece.length;
    }
    await sink.end();
  }
  if (!(await reader.ended())) throw new SealingError("PACKAGE", "bytes after the last file");
  return files;
}

/** Keeps the files in memory: for rehearsals and checks, not for whole bids. */
export class MemoryFiles implements FileSink {
  readonly files = new Map<string, Blob>();
  #name = "";
  #pieces: Bytes[] = [];
  readonly #waiting = new Map<string, Blob>();

  begin(file: ListedFile): void {
    this.#name = file.name;
    this.#pieces = [];
  }

  write(data: Bytes): void {
    this.#pieces.push(data);
  }

  end(): void {
    this.#waiting.set(this.#name, new Blob(this.#pieces));
  }

  publish(): void {
    for (const [name, blob] of this.#waiting) this.files.set(name, blob);
  }

  discard(): void {
    this.#waiting.clear();
  }
}
