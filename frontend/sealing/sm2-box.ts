/** An SM2 ciphertext in DER, C1C3C2 (GB/T 35276): one spelling, read strictly. */

import { type Bytes, concat, equal, u8 } from "./bytes";

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OCTETS = 0x04;
const COORDINATE_BYTES = 32;
const HASH_BYTES = 32;
const PLAIN_BYTES = 64;

export interface Sm2Box {
  readonly x: Bytes;
  readonly y: Bytes;
  readonly c3: Bytes;
  readonly c2: Bytes;
}

function put(tag: number, value: Bytes): Bytes {
  const length = value.length < 0x80 ? u8(value.length) : Uint8Array.of(0x81, value.length);
  return concat(u8(tag), length, value);
}

/** A coordinate without needless zeros, and with one where it would read as negative. */
function unsigned(value: Bytes): Bytes {
  const first = value.findIndex((byte) => byte !== 0);
  const short = first < 0 ? u8(0) : value.slice(first);
  return (short[0] ?? 0) & 0x80 ? concat(u8(0), short) : short;
}

export function writeBox({ x, y, c3, c2 }: Sm2Box): Bytes {
  return put(SEQUENCE, concat(put(INTEGER, unsigned(x)), put(INTEGER, unsigned(y)), put(OCTETS, c3), put(OCTETS, c2)));
}

function take(data: Bytes, tag: number): readonly [Bytes, Bytes] | null {
  const at = data[1] === 0x81 ? 2 : 1;
  const length = data[at];
  if (data[0] !== tag || length === undefined || data.length < at + 1 + length) return null;
  return [data.slice(at + 1, at + 1 + length), data.slice(at + 1 + length)];
}

/** A coordinate as 32 bytes. */
function coordinate(value: Bytes): Bytes | null {
  const bytes = value.length === COORDINATE_BYTES + 1 && value[0] === 0 ? value.slice(1) : value;
  if (bytes.length > COORDINATE_BYTES) return null;
  return concat(new Uint8Array(COORDINATE_BYTES - bytes.length), bytes);
}

/** The parts of a box; null for anything that `writeBox` would not have written. */
export function readBox(boxed: Bytes): Sm2Box | null {
  const body = take(boxed, SEQUENCE);
  const first = body && take(body[0], INTEGER);
  const second = first && take(first[1], INTEGER);
  const third = second && take(second[1], OCTETS);
  const fourth = third && take(third[1], OCTETS);
  if (!fourth) return null;
  const [x, y, c3, c2] = [coordinate(first[0]), coordinate(second[0]), third[0], fourth[0]];
  if (!x || !y || c3.length !== HASH_BYTES || c2.length !== PLAIN_BYTES) return null;
  const box = { x, y, c3, c2 };
  return equal(writeBox(box), boxed) ? box : null;
}
