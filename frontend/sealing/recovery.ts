/** Recovering a bidder's share with those whom the tender names for it: SPEC.md §2.4. */

import { type Bytes, equal, xor } from "./bytes";
import { dumps } from "./canonical";
import { b64u, unb64u } from "./encoding";
import { SealingError } from "./errors";
import type { Header } from "./header";
import { type OpeningKey, unbox } from "./keys";
import { type BoxedPiece, pieceLabel } from "./pieces";
import { exact, isHash, isKid, isList, same } from "./shapes";
import { type Share, checkShare } from "./shares";

const KIND = "ggzy-pieces";
const MEMBERS = { v: same(1), kind: same(KIND), header_sha256: isHash, kid: isKid, pieces: isList };

/** A piece taken out of its box, checked. */
export interface Piece {
  readonly number: number;
  readonly place: number;
  readonly secret: Bytes;
}

interface Addressed {
  readonly number: number;
  readonly place: number;
  readonly boxed: BoxedPiece;
}

function addressed(header: Header, kid: string): Addressed[] {
  const all = header.recovery.flatMap((set, number) => set.map((boxed, place) => ({ number, place, boxed })));
  const found = all.filter((one) => one.boxed.kid === kid);
  if (!found.length) throw new SealingError("WRONG_KEY", "no piece is addressed to this key");
  return found;
}

/** Unboxes the pieces that are addressed to this key, in the header's order. */
export async function releasePieces(header: Header, key: OpeningKey): Promise<Piece[]> {
  if (key.suite !== header.suite.id) throw new SealingError("WRONG_KEY", "the key is of another suite");
  const pieces: Piece[] = [];
  for (const { number, place, boxed } of addressed(header, key.kid)) {
    const piece = { number, place, secret: await unbox(key, boxed.box, pieceLabel(number, place), header.ctxh) };
    await checkPiece(header, piece);
    pieces.push(piece);
  }
  return pieces;
}

/** Refuses a piece that does not meet its commitment in the header. */
export async function checkPiece(header: Header, { number, place, secret }: Piece): Promise<void> {
  const made = await header.suite.commit(secret, pieceLabel(number, place), header.ctxh);
  const boxed = header.recovery[number]?.[place];
  if (!boxed || !equal(made, boxed.commitment)) throw new SealingError("COMMITMENT", `piece ${number}.${place}`);
}

/**
 * Puts the bidder's share together from any set that is whole, and checks it.
 *
 * COMMITMENT if no set is whole, or if the bidder boxed pieces that do not make its share.
 */
export async function recover(header: Header, pieces: readonly Piece[]): Promise<Share> {
  for (const [number, set] of header.recovery.entries()) {
    const found = new Map(pieces.filter((one) => one.number === number).map((one) => [one.place, one]));
    const [first, ...rest] = [...found.values()];
    if (!first || found.size < set.length) continue;
    for (const one of found.values()) await checkPiece(header, one);
    const share: Share = { label: "bidder", secret: xor(first.secret, ...rest.map((one) => one.secret)) };
    await checkShare(header, share);
    return share;
  }
  throw new SealingError("COMMITMENT", "not enough holders have given their pieces");
}

/** One holder's pieces of one bid for the way to the server. */
export function writePieces(pieces: readonly Piece[], header: Header, kid: string): Bytes {
  return dumps({
    v: 1,
    kind: KIND,
    header_sha256: b64u(header.sha256),
    kid,
    pieces: pieces.map((one) => b64u(one.secret)),
  });
}

/** Reads one holder's pieces, which must belong to this header, and checks each. */
export async function readPieces(body: unknown, header: Header): Promise<Piece[]> {
  const members = exact(body, MEMBERS, "pieces");
  if (members.header_sha256 !== b64u(header.sha256)) {
    throw new SealingError("WRONG_CONTEXT", "the pieces belong to another sealed bid");
  }
  const places = addressed(header, members.kid);
  const texts = members.pieces;
  if (texts.length !== places.length || !texts.every(isHash)) {
    throw new SealingError("MALFORMED", "pieces: not one for each set of the holder");
  }
  const pieces = places.map(({ number, place }, at) => ({ number, place, secret: unb64u(String(texts[at])) }));
  for (const piece of pieces) await checkPiece(header, piece);
  return pieces;
}
