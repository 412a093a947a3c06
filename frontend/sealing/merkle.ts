/** Verifying in the Merkle tree of RFC 6962, from nothing but a root. */

import { type Bytes, equal, sha256, u8 } from "./bytes";
import { SealingError } from "./errors";

export function leafHash(data: Bytes): Promise<Bytes> {
  return sha256(u8(0), data);
}

export function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(u8(1), left, right);
}

const half = (value: number): number => Math.floor(value / 2);
const odd = (value: number): boolean => value % 2 === 1;

/** Each sibling of a path and whether it stands on the left, up to the root. */
function* climb(start: number, end: number, path: readonly Bytes[]): Generator<{ sibling: Bytes; onLeft: boolean }> {
  let at = start;
  let last = end;
  for (const sibling of path) {
    if (last === 0) throw new SealingError("PROOF", "the path is too long");
    const onLeft = odd(at) || at === last;
    yield { sibling, onLeft };
    // A right edge that hangs higher than its level has no sibling on the levels between.
    while (onLeft && at && !odd(at)) [at, last] = [half(at), half(last)];
    [at, last] = [half(at), half(last)];
  }
  if (last) throw new SealingError("PROOF", "the path is too short");
}

/** The root that this path claims (RFC 9162 §2.1.3.2). */
export async function rootFromInclusion(leaf: Bytes, index: number, size: number, path: readonly Bytes[]): Promise<Bytes> {
  if (index < 0 || index >= size) throw new SealingError("PROOF", `leaf ${index} is not in a tree of ${size}`);
  let value = leaf;
  for (const { sibling, onLeft } of climb(index, size - 1, path)) {
    value = onLeft ? await nodeHash(sibling, value) : await nodeHash(value, sibling);
  }
  return value;
}

export interface Tree {
  readonly size: number;
  readonly root: Bytes;
}

/** Refuses unless the old tree is a beginning of the new one (RFC 9162 §2.1.4.2). */
export async function verifyConsistency(older: Tree, newer: Tree, path: readonly Bytes[]): Promise<void> {
  if (older.size < 0 || older.size > newer.size) throw new SealingError("PROOF", "the log has become shorter");
  if (older.size === 0 || older.size === newer.size) {
    const wanted = older.size ? newer.root : await sha256(new Uint8Array(0));
    if (path.length || !equal(older.root, wanted)) throw new SealingError("PROOF", "two roots of one size");
    return;
  }
  // A complete tree is its own first subtree.
  const complete = Number.isInteger(Math.log2(older.size));
  const [first, ...rest] = complete ? [older.root, ...path] : path;
  if (!first) throw new SealingError("PROOF", "the path is too short");
  let at = older.size - 1;
  let last = newer.size - 1;
  while (odd(at)) [at, last] = [half(at), half(last)];
  let madeOld = first;
  let madeNew = first;
  for (const { sibling, onLeft } of climb(at, last, rest)) {
    if (onLeft) {
      madeOld = await nodeHash(sibling, madeOld);
      madeNew = await nodeHash(sibling, madeNew);
    } else {
      madeNew = await nodeHash(madeNew, sibling);
    }
  }
  if (!equal(madeOld, older.root) || !equal(madeNew, newer.root)) {
    throw new SealingError("PROOF", "the old tree is not a beginning of the new one");
  }
}
