/** Entries of the log and the proof that they are in it: SPEC.md §8. */

import { type Bytes, compare, equal, sha256, u32, u8, utf8 } from "./bytes";
import { dumps } from "./canonical";
import type { Checkpoint } from "./checkpoint";
import { unb64u } from "./encoding";
import { SealingError } from "./errors";
import { leafHash, rootFromInclusion, verifyConsistency } from "./merkle";
import { type Shaped, among, exact, isHash, isId, isList, isMoment, isObject, octets, same, whole } from "./shapes";

const DEPTH = 16;
const PLACES = 2 ** DEPTH;
const PROOF = {
  v: same(1),
  place: whole(0, PLACES - 1),
  batch: isList,
  index: whole(),
  size: whole(),
  path: isList,
};
const LOGGED = { entry: isObject, salt: octets(32), proof: isObject };
const CONSISTENCY = { v: same(1), from: whole(), to: whole(), path: isList };
const RECEIVED = {
  v: same(1),
  kind: same("bid.receive"),
  tender: isId,
  at: isMoment,
  lot: isId,
  envelope: among("single", "technical", "price"),
  party: isId,
  bid: isId,
  deadline_id: isId,
  doc_version: whole(),
  ct_root: isHash,
  ct_sha256: isHash,
  ct_sm3: isHash,
  size: whole(),
  header_sha256: isHash,
  form_ct_sha256: isHash,
  kc: isHash,
  signature_sha256: isHash,
};

/** The entry that says a bid is in. */
export type BidReceived = Shaped<typeof RECEIVED>;

export function readReceived(body: unknown): BidReceived {
  return exact(body, RECEIVED, "bid.receive", "ENTRY");
}

/** Hashes an entry so that nobody can guess it before its salt is published. */
export function entryHash(entry: unknown, salt: Bytes): Promise<Bytes> {
  return sha256(utf8("ggzy-log/1\0"), salt, dumps(entry));
}

/** The commitment to the live bids of a lot. */
export function setRoot(leaves: readonly Bytes[]): Promise<Bytes> {
  return sha256(utf8("ggzy-bid/1 set\0"), u32(leaves.length), ...[...leaves].sort(compare));
}

function hashes(items: readonly unknown[]): Bytes[] {
  return items.map((item) => {
    if (!isHash(item)) throw new SealingError("PROOF", "not a list of hashes");
    return unb64u(item);
  });
}

async function batchRoot(entry: Bytes, place: number, path: readonly Bytes[]): Promise<Bytes> {
  if (path.length !== DEPTH) throw new SealingError("PROOF", "not a path of a batch");
  let value = entry;
  for (const [level, sibling] of path.entries()) {
    const pair = (place >> level) & 1 ? [sibling, value] : [value, sibling];
    value = await sha256(utf8("ggzy-log/1 node\0"), u8(level + 1), ...pair);
  }
  return value;
}

/** Refuses unless the entry hash is in the log of this checkpoint. */
export async function verifyProof(body: unknown, leaf: Bytes, checkpoint: Checkpoint): Promise<void> {
  const proof = exact(body, PROOF, "proof", "PROOF");
  const [batch, path] = [hashes(proof.batch), hashes(proof.path)];
  if (proof.size !== checkpoint.size) throw new SealingError("PROOF", "the proof is for a log of another size");
  const tick = await leafHash(await batchRoot(leaf, proof.place, batch));
  const root = await rootFromInclusion(tick, proof.index, proof.size, path);
  if (!equal(root, checkpoint.root)) throw new SealingError("PROOF", "the entry is not in this log");
}

/** Refuses unless a logged entry is in the log of this checkpoint; gives the entry. */
export async function verifyLogged(body: unknown, checkpoint: Checkpoint): Promise<Readonly<Record<string, unknown>>> {
  const logged = exact(body, LOGGED, "logged entry", "PROOF");
  await verifyProof(logged.proof, await entryHash(logged.entry, unb64u(logged.salt)), checkpoint);
  return logged.entry;
}

/** Refuses unless the old checkpoint's log is a beginning of the new one's. */
export async function verifyLogConsistency(body: unknown, older: Checkpoint, newer: Checkpoint): Promise<void> {
  const proof = exact(body, CONSISTENCY, "consistency proof", "PROOF");
  if (older.origin !== newer.origin) throw new SealingError("PROOF", "checkpoints of two logs");
  if (proof.from !== older.size || proof.to !== newer.size) throw new SealingError("PROOF", "the proof is for other sizes");
  await verifyConsistency(older, newer, hashes(proof.path));
}
