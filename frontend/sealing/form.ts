/** The opening form (开标一览表) that lies in part 0: SPEC.md §3.2. */

import type { Bytes } from "./bytes";
import { dumps, loads } from "./canonical";
import { SealingError, as } from "./errors";
import { type Shaped, exact, isId, isList, isObject, same, text, whole } from "./shapes";

const MAX_CLAIMS = 16384;
const MAX_EXTRA = 40;
const MEMBERS = {
  v: same(1),
  lot: isId,
  doc_version: whole(),
  price_fen: whole(),
  duration_days: whole(),
  quality: text(200),
  manager: text(200),
  claims: isObject,
  extra: isList,
};
const EXTRA = { label: text(200), value: text(200) };

/** What is read out at the opening. */
export type Form = Shaped<typeof MEMBERS>;

/** The form, if it is one. */
export function readForm(body: unknown): Form {
  const members = exact(body, MEMBERS, "form", "FORM");
  if (as("FORM", () => dumps(members.claims)).length > MAX_CLAIMS) throw new SealingError("TOO_LARGE", "claims");
  if (holdsNul(members.claims)) throw new SealingError("FORM", "claims: U+0000");
  if (members.extra.length > MAX_EXTRA) throw new SealingError("TOO_LARGE", "extra columns");
  for (const column of members.extra) exact(column, EXTRA, "extra column", "FORM");
  return members;
}

/** Whether a text in a JSON value holds U+0000, which no database keeps as text. */
function holdsNul(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\0");
  return typeof value === "object" && value !== null && Object.entries(value).some((pair) => pair.some(holdsNul));
}

/** The canonical bytes that are sealed. */
export function writeForm(form: Form): Bytes {
  return dumps(readForm(form));
}

/** Reads the sealed bytes. */
export function parseForm(data: Bytes): Form {
  return as("FORM", () => readForm(loads(data)));
}
