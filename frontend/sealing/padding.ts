/** Padding, so that sizes say little: SPEC.md §3.1. */

import { type Bytes, concat, readU64 } from "./bytes";
import { SealingError } from "./errors";

export const LENGTH_BYTES = 8;
export const FORM_BYTES = 65536;
export const PACKAGE_STEP = 1 << 20;
export const PACKAGE_STEPS = 2049;
const PACKAGE_LIMIT = 2 ** 31;

export function paddedForm(size: number): number {
  if (size > FORM_BYTES - LENGTH_BYTES) throw new SealingError("TOO_LARGE", `a form of ${size} bytes`);
  return FORM_BYTES;
}

export function paddedPackage(size: number): number {
  if (size > PACKAGE_LIMIT) throw new SealingError("TOO_LARGE", `a package of ${size} bytes; 2 GiB is the limit`);
  return Math.ceil((LENGTH_BYTES + size) / PACKAGE_STEP) * PACKAGE_STEP;
}

/** The content of padded plaintext; checks that the padding is needed and zero. */
export async function* unpad(chunks: AsyncIterable<Bytes>, length: number): AsyncGenerator<Bytes> {
  let head: Bytes = new Uint8Array(0);
  let left = -1;
  for await (let chunk of chunks) {
    if (left < 0) {
      head = concat(head, chunk);
      if (head.length < LENGTH_BYTES) continue;
      left = readU64(head);
      const padded = length === FORM_BYTES ? paddedForm : paddedPackage;
      if (padded(left) !== length) throw new SealingError("MALFORMED", "more padding than needed, or less");
      chunk = head.subarray(LENGTH_BYTES);
    }
    const content = chunk.subarray(0, left);
    left -= content.length;
    if (content.length) yield content;
    if (chunk.subarray(content.length).some((byte) => byte !== 0)) {
      throw new SealingError("MALFORMED", "padding that is not zero");
    }
  }
}
