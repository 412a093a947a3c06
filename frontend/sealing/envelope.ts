/** Sealing a bid and opening it: header, boxes and parts put together. SPEC.md §2. */

import { type Bytes, concat, random, u64 } from "./bytes";
import { BlockRoot } from "./digests";
import { SealingError } from "./errors";
import { type Form, parseForm, writeForm } from "./form";
import {
  type BoxedShare,
  type Context,
  type Expected,
  FORM,
  type Header,
  PACKAGE,
  checkHeader,
  checkSize,
  contextHash,
  parseHeader,
  readHeader,
  readHeaderOf,
  writeHeader,
} from "./header";
import { type FileSink, type ListedFile, type PackedFile, pack, unpack } from "./package";
import { LENGTH_BYTES, paddedForm, paddedPackage, unpad } from "./padding";
import { type Holders, splitShare } from "./pieces";
import { type Piece, Reader, blobPiece, bytesPiece, readPieces, zerosPiece } from "./reading";
import { type Share, keysFrom } from "./shares";
import { ciphertextLength, decrypt, encrypt } from "./stream";
import { DEFAULT, LABELS, type Label, SHARE_BYTES, type SuiteId, suiteOf } from "./suites";
import { b64u } from "./encoding";

/**
 * The public keys a bid is sealed to, all of the tender's suite: suite 1 unless said.
 * `recovery`: those who may recover the bidder's share, if the bidder wants it.
 */
export type Recipients = Readonly<Record<Label, Bytes>> & { readonly suite?: SuiteId; readonly recovery?: Holders };

export interface Bid {
  readonly context: Context;
  readonly recipients: Recipients;
  readonly form: Form;
  readonly files: readonly PackedFile[];
}

/** What the sealer knows afterwards and signs when submitting. */
export interface Sealed {
  readonly header: Header;
  readonly size: number;
  readonly ctRoot: Bytes;
}

/** Takes the blocks of a sealed file in order; each is good until the sink is done with it. */
export type BlockSink = (block: Bytes) => Promise<void> | void;
export type Progress = (done: number) => void;

interface Prepared {
  readonly header: Header;
  readonly sources: readonly { readonly pieces: readonly Piece[]; readonly length: number; readonly key: Bytes }[];
}

function padded(pieces: readonly Piece[], pad: (size: number) => number): { pieces: Piece[]; length: number } {
  const size = pieces.reduce((sum, piece) => sum + piece.size, 0);
  const length = pad(size);
  return {
    pieces: [bytesPiece(u64(size)), ...pieces, zerosPiece(length - LENGTH_BYTES - size)],
    length,
  };
}

async function prepare({ context, recipients, form, files }: Bid): Promise<Prepared> {
  if (form.lot !== context.lot) throw new SealingError("FORM", "the form is for another lot");
  const sources = [padded([bytesPiece(writeForm(form))], paddedForm), padded(pack(files), paddedPackage)];
  const suite = suiteOf(recipients.suite ?? DEFAULT.id);
  const ctxh = await contextHash(context);
  const secrets = { bidder: random(SHARE_BYTES), host: random(SHARE_BYTES) };
  const keys = await suite.contentKeys(secrets.bidder, secrets.host, ctxh, sources.length);
  const boxed = async (label: Label): Promise<BoxedShare> => ({
    label,
    kid: b64u(await suite.kid(recipients[label])),
    box: await suite.box(secrets[label], recipients[label], label, ctxh),
    commitment: await suite.commit(secrets[label], label, ctxh),
  });
  const parts = await Promise.all(
    sources.map(async ({ length }, index) => ({
      name: index === FORM ? "form" : "package",
      length,
      ciphertext: ciphertextLength(length),
      commitment: await suite.commitPart(keys.parts[index] ?? new Uint8Array(0), index, ctxh),
    })),
  );
  const shares = await Promise.all(LABELS.map(boxed));
  const recovery = recipients.recovery ? await splitShare(secrets.bidder, recipients.recovery, suite, ctxh) : [];
  // What was just made is read back as a stranger would: no refusable bid leaves this function.
  const header = await parseHeader(writeHeader(suite, context, keys.commitment, shares, parts, recovery));
  return {
    header,
    sources: sources.map((source, index) => ({ ...source, key: keys.parts[index] ?? new Uint8Array(0) })),
  };
}

/** The sealed file as a stream of its blocks, each good until the next; every byte is made once. */
export async function* sealStream(bid: Bid): AsyncGenerator<Bytes, Sealed> {
  const { header, sources } = await prepare(bid);
  const root = new BlockRoot();
  yield* root.blocks(header.prefix);
  for (const { pieces, length, key } of sources) {
    const reader = readPieces(pieces);
    for await (const chunk of encrypt(reader, length, key, header.sha256, header.suite)) yield* root.blocks(chunk);
    // Asking for the end lets a file that grew meanwhile be noticed.
    if (!(await reader.ended())) throw new SealingError("SOURCE", "a file became longer while it was read");
  }
  yield* root.last();
  return { header, size: header.size, ctRoot: await root.digest() };
}

/** Seals into `sink`, telling how far it got. */
export async function seal(bid: Bid, sink: BlockSink, progress: Progress = () => undefined): Promise<Sealed> {
  const blocks = sealStream(bid);
  let done = 0;
  for (let step = await blocks.next(); ; step = await blocks.next()) {
    if (step.done) return step.value;
    await sink(step.value);
    done += step.value.length;
    progress(done);
  }
}

async function collect(chunks: AsyncIterable<Bytes>): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return concat(...pieces);
}

export interface Opening {
  readonly shares: readonly Share[];
  /** What the file must be; absent, whoever opens has compared the header already. */
  readonly expected?: Expected;
  readonly files: FileSink;
  /** Told as soon as the form is verified, before the package is read. */
  readonly onForm?: (form: Form) => void;
}

export interface Opened {
  readonly header: Header;
  readonly form: Form;
  readonly files: readonly ListedFile[];
}

async function openPart(reader: Reader, header: Header, index: 0 | 1, key: Bytes | undefined): Promise<AsyncGenerator<Bytes>> {
  const { length } = header.parts[index];
  if (!key) throw new SealingError("COMMITMENT", `key of part ${index}`);
  return unpad(decrypt(reader, length, key, header.sha256, header.suite), length);
}

/**
 * Opens a sealed file from a stream, form first.
 *
 * Every commitment is checked before a byte is decrypted. `files` is published only when the last
 * segment and the end of the file were verified, and discarded otherwise.
 */
export async function openStream(
  chunks: AsyncIterable<Uint8Array>,
  { shares, expected, files, onForm }: Opening,
): Promise<Opened> {
  const reader = new Reader(chunks);
  try {
    const header = await readHeader(reader);
    if (expected) checkHeader(header, expected);
    const keys = await keysFrom(header, shares);
    const form = parseForm(await collect(await openPart(reader, header, FORM, keys[FORM])));
    if (form.lot !== header.context.lot) throw new SealingError("FORM", "the form is for another lot");
    onForm?.(form);
    const listed = await unpack(await openPart(reader, header, PACKAGE, keys[PACKAGE]), files);
    if (!(await reader.ended())) throw new SealingError("TRAILING", "bytes after the last part");
    await files.publish();
    return { header, form, files: listed };
  } catch (error) {
    await files.discard();
    throw error;
  } finally {
    await reader.close();
  }
}

/** Opens a sealed file whose whole length is known, which is compared first. */
export async function openFile(file: Blob, opening: Opening): Promise<Opened> {
  const header = await readHeaderOf(file);
  if (opening.expected) checkHeader(header, opening.expected);
  await keysFrom(header, opening.shares);
  checkSize(header, file.size);
  return openStream(blobPiece(file).chunks(), opening);
}
