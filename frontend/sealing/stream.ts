/**
 * A part in segments, in suite 1 the wire format of Tink's AES-256-GCM-HKDF: SPEC.md §3.
 *
 * Order and end are part of every nonce: a segment moved, dropped or appended does not authenticate.
 */

import { type Bytes, concat, random, u32, u8 } from "./bytes";
import { SealingError } from "./errors";
import type { Reader } from "./reading";
import type { Suite } from "./suites";

export const SEGMENT = 512 * 1024;
const TAG = 16;
const SALT = 32;
const PREFIX = 7;
const HEADER = 1 + SALT + PREFIX;
const FIRST = SEGMENT - HEADER - TAG;
const LATER = SEGMENT - TAG;
const MAX_SEGMENTS = 2 ** 32;

/** How many segments carry `length` bytes of plaintext. */
export function segments(length: number): number {
  const count = length <= FIRST ? 1 : 1 + Math.ceil((length - FIRST) / LATER);
  if (count > MAX_SEGMENTS) throw new SealingError("TOO_LARGE", "more segments than the nonce can count");
  return count;
}

export function ciphertextLength(length: number): number {
  return HEADER + length + TAG * segments(length);
}

function* plan(length: number): Generator<{ number: number; size: number; last: boolean }> {
  const count = segments(length);
  let left = length;
  for (let number = 0; number < count; number += 1) {
    const size = Math.min(left, number === 0 ? FIRST : LATER);
    left -= size;
    yield { number, size, last: number === count - 1 };
  }
}

function nonce(prefix: Bytes, number: number, last: boolean): Bytes {
  return concat(prefix, u32(number), u8(last ? 1 : 0));
}

/** The ciphertext of all that `source` gives, segment by segment. */
export async function* encrypt(
  source: Reader,
  length: number,
  key: Bytes,
  aad: Bytes,
  suite: Suite,
): AsyncGenerator<Bytes> {
  const salt = random(SALT);
  const prefix = random(PREFIX);
  const cipher = await suite.cipher(key, salt, aad);
  yield concat(u8(HEADER), salt, prefix);
  const buffer = new Uint8Array(Math.min(length, LATER));
  for (const { number, size, last } of plan(length)) {
    const plain = await source.fill(buffer.subarray(0, size));
    yield await cipher.encrypt(nonce(prefix, number, last), plain);
  }
}

/**
 * The plaintext of a part of `length` bytes, segment by segment.
 *
 * What was given is authentic so far, but whole only when the generator ends: publish nothing before.
 */
export async function* decrypt(
  source: Reader,
  length: number,
  key: Bytes,
  aad: Bytes,
  suite: Suite,
): AsyncGenerator<Bytes> {
  const head = await source.read(HEADER);
  if (head[0] !== HEADER) throw new SealingError("CORRUPT", "not the beginning of a part");
  const cipher = await suite.cipher(key, head.slice(1, 1 + SALT), aad);
  const prefix = head.slice(1 + SALT);
  const buffer = new Uint8Array(Math.min(length, LATER) + TAG);
  for (const { number, size, last } of plan(length)) {
    const sealed = await source.fill(buffer.subarray(0, size + TAG));
    let plain: Bytes;
    try {
      plain = await cipher.decrypt(nonce(prefix, number, last), sealed);
    } catch {
      throw new SealingError("CORRUPT", `segment ${number}`);
    }
    yield plain;
  }
}
