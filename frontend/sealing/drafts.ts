/**
 * Drafts on this machine, encrypted under a key that only the bidder's opening key can derive.
 *
 * The draft's words lie in IndexedDB, its files in OPFS; without the opening key both are noise.
 */

import { get, put, remove } from "../store/database";
import type { KeptDraft } from "../store/drafts";
import { holdFile, readFile, removeFile } from "../store/files";
import { hkdf } from "./algorithms";
import { type Bytes, concat, random, utf8 } from "./bytes";
import { type Json, dumps, loads } from "./canonical";
import { SealingError } from "./errors";
import { type OpeningKey, ownSecret } from "./keys";
import type { PartOfBid } from "./package";
import { type Piece, Reader, blobPiece, readPieces } from "./reading";
import { ciphertextLength, decrypt, encrypt } from "./stream";
import { DEFAULT } from "./suites";

const NONCE_BYTES = 12;
const READ = 1024 * 1024;

export interface DraftFile {
  readonly id: string;
  readonly name: string;
  readonly part: PartOfBid;
  readonly size: number;
}

export interface Draft {
  readonly fields: Readonly<Record<string, string>>;
  readonly claims: Readonly<Record<string, Json>>;
  readonly extra: readonly { readonly label: string; readonly value: string }[];
  readonly files: readonly DraftFile[];
}

export const EMPTY: Draft = { fields: {}, claims: {}, extra: [], files: [] };

/** The draft key of one lot: what only the opening key can derive. */
export async function draftKey(key: OpeningKey, lot: string): Promise<Bytes> {
  return hkdf(await ownSecret(key), concat(utf8("ggzy-draft/1\0"), utf8(lot)));
}

async function cipher(secret: Bytes, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", await hkdf(secret, utf8("ggzy-draft/1 words\0")), "AES-GCM", false, [use]);
}

export async function saveDraft(place: string, secret: Bytes, draft: Draft, ready: boolean): Promise<void> {
  const nonce = random(NONCE_BYTES);
  const ct = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await cipher(secret, "encrypt"), dumps(draft));
  const files = draft.files.map(({ id }) => id);
  await put("drafts", place, { nonce, ct, files, ready } satisfies KeptDraft);
}

export async function loadDraft(place: string, secret: Bytes): Promise<Draft> {
  const stored = await get<KeptDraft>("drafts", place);
  if (!stored) return EMPTY;
  try {
    const parameters = { name: "AES-GCM", iv: stored.nonce };
    const plain = await crypto.subtle.decrypt(parameters, await cipher(secret, "decrypt"), stored.ct);
    return loads(new Uint8Array(plain)) as unknown as Draft;
  } catch {
    throw new SealingError("WRONG_KEY", "the draft was made with another opening key");
  }
}

/** Throws a draft away with its files; no key is needed for that. */
export async function dropDraft(place: string): Promise<void> {
  for (const id of (await get<KeptDraft>("drafts", place))?.files ?? []) await removeFile(draftFileName(id));
  await remove("drafts", place);
}

export function draftFileName(id: string): string {
  return `draft-${id}`;
}

async function fileKey(secret: Bytes, id: string): Promise<Bytes> {
  return hkdf(secret, concat(utf8("ggzy-draft/1 file\0"), utf8(id)));
}

/** Encrypts a chosen file into OPFS, under an id that is never used again. */
export async function keepDraftFile(file: File, id: string, secret: Bytes, progress: (done: number) => void): Promise<void> {
  const out = await holdFile(draftFileName(id));
  try {
    let done = 0;
    const reader = readPieces([blobPiece(file)]);
    for await (const chunk of encrypt(reader, file.size, await fileKey(secret, id), utf8(id), DEFAULT)) {
      if (out.write(chunk, { at: done }) < chunk.length) throw new SealingError("SOURCE", "the browser's store is full");
      done += chunk.length;
      progress(done);
    }
    out.flush();
    out.close();
  } catch (error) {
    out.close();
    await removeFile(draftFileName(id));
    throw error;
  }
}

/** A kept file as something that can be sealed; it is decrypted only in passing. */
export async function draftPiece(file: DraftFile, secret: Bytes): Promise<Piece> {
  const kept = await readFile(draftFileName(file.id));
  if (!kept || kept.size !== ciphertextLength(file.size)) throw new SealingError("SOURCE", `${file.name} is no longer here`);
  const key = await fileKey(secret, file.id);
  return {
    size: file.size,
    async *chunks() {
      const reader = new Reader(heldChunks(draftFileName(file.id)));
      try {
        yield* decrypt(reader, file.size, key, utf8(file.id), DEFAULT);
      } finally {
        await reader.close();
      }
    },
  };
}

async function* heldChunks(name: string): AsyncGenerator<Bytes> {
  const kept = await holdFile(name);
  const buffer = new Uint8Array(READ);
  try {
    let at = 0;
    for (let count = kept.read(buffer, { at }); count; count = kept.read(buffer, { at })) {
      at += count;
      yield buffer.subarray(0, count);
    }
  } finally {
    kept.close();
  }
}
