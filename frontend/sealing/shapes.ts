/** What a JSON object must look like: exact members, each with its check. */

import { unb64u } from "./encoding";
import { type Code, SealingError } from "./errors";

export type Check<T> = (value: unknown) => value is T;
export type Shape = Readonly<Record<string, Check<unknown>>>;
export type Shaped<S extends Shape> = { readonly [K in keyof S]: S[K] extends Check<infer T> ? T : never };

/** `value`, if it is an object of exactly these members, each passing its check. */
export function exact<S extends Shape>(value: unknown, shape: S, what: string, code: Code = "MALFORMED"): Shaped<S> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SealingError(code, `${what} is not an object`);
  }
  const members = value as Record<string, unknown>;
  const odd = [
    ...Object.keys(members).filter((name) => !Object.hasOwn(shape, name)),
    ...Object.keys(shape).filter((name) => !Object.hasOwn(members, name)),
  ];
  if (odd.length) throw new SealingError(code, `${what}: members ${odd.sort().join(", ")}`);
  for (const [name, check] of Object.entries(shape)) {
    if (!check(members[name])) throw new SealingError(code, `${what}: ${name}`);
  }
  return members as Shaped<S>;
}

export function same<T extends string | number>(wanted: T): Check<T> {
  return (value): value is T => value === wanted;
}

export function among<T extends string>(...wanted: readonly T[]): Check<T> {
  return (value): value is T => typeof value === "string" && (wanted as readonly string[]).includes(value);
}

export function whole(low = 0, high = Number.MAX_SAFE_INTEGER): Check<number> {
  return (value): value is number => Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high;
}

export function octets(length: number): Check<string> {
  return (value): value is string => someOctets(value) && unb64u(value).length === length;
}

/** Base64url of any length. */
export const someOctets: Check<string> = (value): value is string => {
  if (typeof value !== "string") return false;
  try {
    unb64u(value);
    return true;
  } catch {
    return false;
  }
};

/** Text of at most `limit` UTF-16 code units without control characters. */
export function text(limit: number): Check<string> {
  return (value): value is string =>
    typeof value === "string" && value.length <= limit && !/[\x00-\x1f\x7f-\x9f]/.test(value);
}

export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value);
}

export const isId: Check<string> = (value): value is string =>
  typeof value === "string" && /^[A-Za-z0-9._:-]{1,64}$/.test(value);
export const isMoment: Check<string> = (value): value is string =>
  typeof value === "string" &&
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/.test(value);
export const isObject: Check<Readonly<Record<string, unknown>>> = (value): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isList: Check<readonly unknown[]> = (value): value is readonly unknown[] => Array.isArray(value);
export const isText: Check<string> = (value): value is string => typeof value === "string";
export const isHash = octets(32);
export const isKid = octets(16);
