/** Base64url without padding, strictly: one spelling for each byte string. */

import type { Bytes } from "./bytes";
import { SealingError } from "./errors";

const CHUNK = 0x8000;

export function b64(data: Uint8Array): string {
  let text = "";
  for (let at = 0; at < data.length; at += CHUNK) {
    text += String.fromCharCode(...data.subarray(at, at + CHUNK));
  }
  return btoa(text);
}

export function b64u(data: Uint8Array): string {
  return b64(data).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Standard base64 with padding, as signed notes use it. */
export function unb64(text: string): Bytes {
  let plain: string;
  try {
    plain = atob(text);
  } catch {
    throw new SealingError("MALFORMED", "not base64");
  }
  const data = Uint8Array.from(plain, (character) => character.charCodeAt(0));
  if (b64(data) !== text) throw new SealingError("MALFORMED", "not canonical base64");
  return data;
}

export function unb64u(text: string, length?: number): Bytes {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new SealingError("MALFORMED", "not base64url");
  const padded = text.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(text.length / 4) * 4, "=");
  const data = Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
  // The last character may carry bits that belong to no byte: two spellings, one value.
  if (b64u(data) !== text) throw new SealingError("MALFORMED", "base64url with stray bits");
  if (length !== undefined && data.length !== length) {
    throw new SealingError("MALFORMED", `${data.length} bytes where ${length} are needed`);
  }
  return data;
}
