/** Checkpoints: a C2SP tlog-checkpoint in a signed note, and the key that signs them. SPEC.md §9. */

import { type Bytes, equal, sha256, u8, utf8 } from "./bytes";
import { unb64 } from "./encoding";
import { type Code, SealingError, as } from "./errors";
import type { Tree } from "./merkle";

const ED25519 = u8(1);
const ID_BYTES = 4;
const MAX_NOTE = 16384;
const ORIGIN = /^[!-*,-~]{1,200}$/;

/** The public key of a log, under the log's name. */
export interface LogKey {
  readonly origin: string;
  readonly public: Bytes;
  readonly id: Bytes;
  /** Origin and key id: how a receipt names the key. */
  readonly name: string;
}

export interface Checkpoint extends Tree {
  readonly origin: string;
}

export function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Reads the one line of `log-key.pub`. */
export async function readLogKey(line: string): Promise<LogKey> {
  const [origin = "", keyId = "", ...rest] = line.trim().split("+");
  const data = as("KEY_FILE", () => unb64(rest.join("+")));
  if (!ORIGIN.test(origin)) throw new SealingError("KEY_FILE", "origin");
  if (data.length !== 33 || data[0] !== ED25519[0]) throw new SealingError("KEY_FILE", "not an Ed25519 note key");
  const publicKey = data.slice(1);
  const id = (await sha256(utf8(`${origin}\n`), ED25519, publicKey)).slice(0, ID_BYTES);
  if (hex(id) !== keyId) throw new SealingError("KEY_FILE", "the key id does not belong to this key");
  return { origin, public: publicKey, id, name: `${origin}+${keyId}` };
}

/** Refuses a signature that is not this key's. */
export async function verifySignature(key: LogKey, signature: Bytes, message: Bytes, code: Code): Promise<void> {
  const imported = await crypto.subtle.importKey("raw", key.public, "Ed25519", false, ["verify"]);
  if (!(await crypto.subtle.verify("Ed25519", imported, signature, message))) {
    throw new SealingError(code, "the signature is not the log's");
  }
}

function parse(text: string): Checkpoint {
  const lines = text.split("\n");
  const [origin = "", size = "", root = ""] = lines;
  if (lines.length !== 4 || lines[3]) throw new SealingError("CHECKPOINT", "not three lines");
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) {
    throw new SealingError("CHECKPOINT", "size");
  }
  const data = as("CHECKPOINT", () => unb64(root));
  if (data.length !== 32) throw new SealingError("CHECKPOINT", "root");
  if (!ORIGIN.test(origin)) throw new SealingError("CHECKPOINT", "origin");
  return { origin, size: Number(size), root: data };
}

/** Reads a signed note and checks the log's signature; signatures of others are passed over. */
export async function verifyCheckpoint(note: string, key: LogKey): Promise<Checkpoint> {
  if (note.length > MAX_NOTE) throw new SealingError("CHECKPOINT", "too long");
  const cut = note.indexOf("\n\n");
  const signatures = note.slice(cut + 2);
  if (cut < 0 || !signatures.endsWith("\n")) throw new SealingError("CHECKPOINT", "not a signed note");
  const text = note.slice(0, cut + 1);
  const checkpoint = parse(text);
  if (checkpoint.origin !== key.origin) throw new SealingError("CHECKPOINT", "a checkpoint of another log");
  for (const line of signatures.slice(0, -1).split("\n")) {
    const [dash, name, ...rest] = line.split(" ");
    if (dash !== "—") throw new SealingError("CHECKPOINT", "not a signature line");
    if (name !== key.origin) continue;
    const data = as("CHECKPOINT", () => unb64(rest.join(" ")));
    if (data.length === ID_BYTES + 64 && equal(data.subarray(0, ID_BYTES), key.id)) {
      await verifySignature(key, data.slice(ID_BYTES), utf8(text), "CHECKPOINT");
      return checkpoint;
    }
  }
  throw new SealingError("CHECKPOINT", "no signature of this log");
}
