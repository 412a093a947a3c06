/** Canonical JSON: RFC 8785 with ASCII keys and integers only. The twin of sealing.canonical. */

import { type Bytes, equal, utf8 } from "./bytes";
import { SealingError } from "./errors";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const MAX_DEPTH = 32;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function refuse(detail: string): never {
  throw new SealingError("MALFORMED", detail);
}

function write(value: unknown, depth: number): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") {
    if (!value.isWellFormed()) refuse("a lone surrogate has no UTF-8");
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) refuse("a number that is not an integer below 2^53");
    // Minus zero is the integer 0 with a second spelling.
    return String(value === 0 ? 0 : value);
  }
  if (depth === MAX_DEPTH) refuse("JSON is nested too deeply");
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  if (typeof value === "object") {
    const members = Object.keys(value)
      .sort((one, other) => (one < other ? -1 : 1))
      .map((key) => {
        if (!/^[\x00-\x7f]*$/.test(key)) refuse("a key that is not ASCII text");
        return `${JSON.stringify(key)}:${write((value as Record<string, unknown>)[key], depth + 1)}`;
      });
    return `{${members.join(",")}}`;
  }
  return refuse(`${typeof value} has no canonical JSON`);
}

/** The canonical text of `value`; refuses what has no single spelling. */
export function spell(value: unknown): string {
  return write(value, 0);
}

/** The canonical bytes of `value`. */
export function dumps(value: unknown): Bytes {
  return utf8(spell(value));
}

/** Reads canonical JSON; anything that would be written otherwise is refused, duplicate keys too. */
export function loads(data: Uint8Array): Json {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(data));
  } catch {
    return refuse("not JSON");
  }
  if (!equal(dumps(value), data)) refuse("JSON is not canonical");
  return value as Json;
}
