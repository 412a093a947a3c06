/** The bidder's share in pieces, for those who may recover it: SPEC.md §2.4. */

import { type Bytes, random, xor } from "./bytes";
import { b64u, unb64u } from "./encoding";
import { SealingError } from "./errors";
import { exact, isHash, isKid, someOctets } from "./shapes";
import { SHARE_BYTES, type Suite } from "./suites";

const LEAST = 2;
const MOST = 5;
const PIECE = { kid: isKid, box: someOctets, com: isHash };

/** Who may recover: `need` of those who hold these keys. Any `need` of them, and no fewer. */
export interface Holders {
  readonly need: number;
  readonly publics: readonly Bytes[];
}

export interface BoxedPiece {
  readonly kid: string;
  readonly box: Bytes;
  readonly commitment: Bytes;
}

/** One set for each choice of `need` holders; the pieces of one set make the share. */
export type Sets = readonly (readonly BoxedPiece[])[];

/** The name of a piece: its set and its place there, so that it serves nowhere else. */
export function pieceLabel(number: number, place: number): string {
  return `recovery ${number}.${place}`;
}

/** Every choice of `need` of these keys, in the one order there is. */
function chosen(kids: readonly string[], need: number): string[][] {
  if (need < LEAST || need > kids.length || kids.length > MOST) {
    throw new SealingError("MALFORMED", `recovery by ${need} of ${kids.length}`);
  }
  const sorted = [...kids].sort();
  const from = (start: number, count: number): string[][] =>
    count === 0
      ? [[]]
      : sorted.slice(start).flatMap((kid, at) => from(start + at + 1, count - 1).map((rest) => [kid, ...rest]));
  return from(0, need);
}

/** Cuts the share anew for each set: all pieces but the last are random, their XOR is it. */
export async function splitShare(share: Bytes, holders: Holders, suite: Suite, ctxh: Bytes): Promise<Sets> {
  const publics = new Map<string, Bytes>();
  for (const key of holders.publics) publics.set(b64u(await suite.kid(key)), key);
  if (publics.size !== holders.publics.length) throw new SealingError("MALFORMED", "the same recovery key twice");
  const sets: BoxedPiece[][] = [];
  for (const [number, kids] of chosen([...publics.keys()], holders.need).entries()) {
    const drawn = kids.slice(1).map(() => random(SHARE_BYTES));
    const pieces = [...drawn, xor(share, ...drawn)];
    const set: BoxedPiece[] = [];
    for (const [place, kid] of kids.entries()) {
      const piece = pieces[place] ?? new Uint8Array(0);
      const name = pieceLabel(number, place);
      set.push({
        kid,
        box: await suite.box(piece, publics.get(kid) ?? new Uint8Array(0), name, ctxh),
        commitment: await suite.commit(piece, name, ctxh),
      });
    }
    for (const piece of pieces) piece.fill(0);
    sets.push(set);
  }
  return sets;
}

/** The JSON of the header's `rec`. */
export function writeSets(sets: Sets) {
  return sets.map((set) => set.map((one) => ({ kid: one.kid, box: b64u(one.box), com: b64u(one.commitment) })));
}

/** Reads `rec`: nothing, or exactly one set for each choice of holders. */
export function readSets(value: readonly unknown[], suite: Suite): Sets {
  if (!value.length) return [];
  const sets = value.map((set) => readSet(set, suite));
  const found = sets.map((set) => set.map((one) => one.kid));
  const wanted = chosen([...new Set(found.flat())], found[0]?.length ?? 0);
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new SealingError("MALFORMED", "rec: not one set for each choice of holders");
  }
  return sets;
}

function readSet(value: unknown, suite: Suite): BoxedPiece[] {
  if (!Array.isArray(value)) throw new SealingError("MALFORMED", "rec: a set that is no list");
  return value.map((one) => {
    const members = exact(one, PIECE, "piece");
    const box = unb64u(members.box);
    if (!suite.isBox(box)) throw new SealingError("MALFORMED", "a recovery box is not one of its suite");
    return { kid: members.kid, box, commitment: unb64u(members.com) };
  });
}
