/** The header of a sealed bid: what it says, and whether it may say so. SPEC.md §2.1. */

import { type Bytes, concat, equal, readU32, sha256, u32, utf8 } from "./bytes";
import { dumps, loads } from "./canonical";
import { b64u, unb64u } from "./encoding";
import { SealingError } from "./errors";
import { FORM_BYTES, PACKAGE_STEP, PACKAGE_STEPS } from "./padding";
import { type Sets, readSets, writeSets } from "./pieces";
import { Reader, blobPiece } from "./reading";
import { type Shaped, among, exact, isHash, isId, isKid, isList, isObject, same, someOctets, whole } from "./shapes";
import { ciphertextLength } from "./stream";
import { DEFAULT, LABELS, type Label, SUITE_IDS, type Suite, type SuiteId, suiteOf } from "./suites";

export const MAGIC = utf8("GGZYBID1");
export const FORM = 0;
export const PACKAGE = 1;
const PART_NAMES = ["form", "package"] as const;
const MAX_HEADER = 65536;

const CONTEXT = {
  tender: isId,
  lot: isId,
  envelope: among("single", "technical", "price"),
  bidder: isId,
  bid: isId,
  deadline_id: isId,
};
const HEADER = {
  v: same(1),
  suite: among(...SUITE_IDS),
  ctx: isObject,
  kc: isHash,
  shares: isList,
  rec: isList,
  parts: isList,
};
const SHARE = { l: among(...LABELS), kid: isKid, box: someOctets, com: isHash };
const PART = { n: among(...PART_NAMES), len: whole(), ct: whole(), kc: isHash };

/** What a sealed bid belongs to; `bidder` is the opaque per-lot party. */
export type Context = Shaped<typeof CONTEXT>;
/**
 * What the reader knows from elsewhere. Absent: any; but suite and holders are the tender's, always:
 * suite 1 and nobody unless said.
 */
export type Expected = Partial<Context> & {
  readonly suite?: SuiteId;
  readonly recovery?: { readonly need: number; readonly kids: readonly string[] };
  readonly bidder_kid?: string;
  readonly host_kid?: string;
};

export interface BoxedShare {
  readonly label: Label;
  readonly kid: string;
  readonly box: Bytes;
  readonly commitment: Bytes;
}

export interface Part {
  readonly name: string;
  readonly length: number;
  readonly ciphertext: number;
  readonly commitment: Bytes;
}

/** A header that passed every structural check. */
export interface Header {
  readonly suite: Suite;
  readonly context: Context;
  readonly ctxh: Bytes;
  readonly commitment: Bytes;
  readonly shares: readonly [BoxedShare, BoxedShare];
  readonly parts: readonly [Part, Part];
  /** Who may recover the bidder's share; empty if nobody may. */
  readonly recovery: Sets;
  readonly prefix: Bytes;
  readonly sha256: Bytes;
  /** How long the sealed file must be. */
  readonly size: number;
}

export function readContext(value: unknown): Context {
  return exact(value, CONTEXT, "ctx");
}

export function contextHash(context: Context): Promise<Bytes> {
  return sha256(dumps(readContext(context)));
}

/** The header's canonical JSON. */
export function writeHeader(
  suite: Suite,
  context: Context,
  commitment: Bytes,
  shares: readonly BoxedShare[],
  parts: readonly Part[],
  recovery: Sets,
): Bytes {
  return dumps({
    v: 1,
    suite: suite.id,
    ctx: context,
    kc: b64u(commitment),
    shares: shares.map((one) => ({ l: one.label, kid: one.kid, box: b64u(one.box), com: b64u(one.commitment) })),
    rec: writeSets(recovery),
    parts: parts.map((one) => ({ n: one.name, len: one.length, ct: one.ciphertext, kc: b64u(one.commitment) })),
  });
}

/** Reads the header from the start of a file; the reader then stands at part 0. */
export async function readHeader(reader: Reader): Promise<Header> {
  const head = await reader.readUpTo(MAGIC.length + 4);
  const magic = head.subarray(0, MAGIC.length);
  if (!magic.length || !equal(magic, MAGIC.subarray(0, magic.length))) {
    throw new SealingError("NOT_ENCRYPTED", "this is not a sealed bid");
  }
  if (head.length < MAGIC.length + 4) throw new SealingError("TRUNCATED", "ends inside the header");
  const size = readU32(head.subarray(MAGIC.length));
  if (size < 1 || size > MAX_HEADER) throw new SealingError("MALFORMED", `a header of ${size} bytes`);
  const data = await reader.readUpTo(size);
  if (data.length < size) throw new SealingError("TRUNCATED", "ends inside the header");
  return parseHeader(data);
}

/** Reads the header of a file, and of the file nothing else. */
export function readHeaderOf(file: Blob): Promise<Header> {
  return readHeader(new Reader(blobPiece(file.slice(0, MAGIC.length + 4 + MAX_HEADER)).chunks()));
}

/** Reads the header's JSON. */
export async function parseHeader(data: Bytes): Promise<Header> {
  if (data.length < 1 || data.length > MAX_HEADER) throw new SealingError("MALFORMED", `a header of ${data.length} bytes`);
  const raw = loads(data);
  if (isObject(raw) && Object.hasOwn(raw, "suite")) suiteOf(raw["suite"]);
  const body = exact(raw, HEADER, "header");
  const context = readContext(body.ctx);
  const suite = suiteOf(body.suite);
  const shares = readShares(body.shares, suite);
  const parts = readParts(body.parts);
  const recovery = readSets(body.rec, suite);
  const owners = shares.map((one) => one.kid);
  if (owners[0] === owners[1]) throw new SealingError("MALFORMED", "both shares are boxed to one key");
  if (recovery.flat().some((one) => owners.includes(one.kid))) {
    throw new SealingError("MALFORMED", "a key of the shares recovers too");
  }
  const prefix = concat(MAGIC, u32(data.length), data);
  return {
    suite,
    context,
    ctxh: await contextHash(context),
    commitment: unb64u(body.kc),
    shares,
    parts,
    recovery,
    prefix,
    sha256: await sha256(prefix),
    size: prefix.length + parts[0].ciphertext + parts[1].ciphertext,
  };
}

function readShares(items: readonly unknown[], suite: Suite): [BoxedShare, BoxedShare] {
  const bodies = items.map((item) => exact(item, SHARE, "share"));
  const [bidder, host] = bodies;
  if (bodies.length !== 2 || bidder?.l !== "bidder" || host?.l !== "host") {
    throw new SealingError("MALFORMED", "shares are not bidder and host, in this order");
  }
  const read = (one: Shaped<typeof SHARE>): BoxedShare => {
    const box = unb64u(one.box);
    if (!suite.isBox(box)) throw new SealingError("MALFORMED", `the ${one.l} box is not one of its suite`);
    return { label: one.l, kid: one.kid, box, commitment: unb64u(one.com) };
  };
  return [read(bidder), read(host)];
}

function readParts(items: readonly unknown[]): [Part, Part] {
  const bodies = items.map((item) => exact(item, PART, "part"));
  const [form, pack] = bodies;
  if (bodies.length !== 2 || form?.n !== "form" || pack?.n !== "package") {
    throw new SealingError("MALFORMED", "parts are not form and package, in this order");
  }
  if (form.len !== FORM_BYTES) throw new SealingError("MALFORMED", "the form is not padded to its one length");
  const steps = pack.len / PACKAGE_STEP;
  if (!Number.isInteger(steps) || steps < 1 || steps > PACKAGE_STEPS) {
    throw new SealingError("MALFORMED", "the package is not padded to a whole step");
  }
  const read = (one: Shaped<typeof PART>): Part => {
    if (one.ct !== ciphertextLength(one.len)) throw new SealingError("MALFORMED", `ciphertext length of ${one.n}`);
    return { name: one.n, length: one.len, ciphertext: one.ct, commitment: unb64u(one.kc) };
  };
  return [read(form), read(pack)];
}

export function boxedShare(header: Header, label: Label): BoxedShare {
  return header.shares[label === "bidder" ? 0 : 1];
}

/** Compares a header with what it must belong to. */
export function checkHeader(header: Header, expected: Expected): void {
  const wanted = expected.suite ?? DEFAULT.id;
  if (header.suite.id !== wanted) throw new SealingError("UNKNOWN_SUITE", `sealed with ${header.suite.id}`);
  for (const name of Object.keys(CONTEXT) as (keyof Context)[]) {
    const wanted = expected[name];
    if (wanted !== undefined && header.context[name] !== wanted) throw new SealingError("WRONG_CONTEXT", name);
  }
  for (const label of LABELS) {
    const kid = expected[`${label}_kid`];
    if (kid !== undefined && boxedShare(header, label).kid !== kid) {
      throw new SealingError("WRONG_KEY", `sealed to another ${label} key`);
    }
  }
  const [first] = header.recovery;
  if (!first) return;
  const found = [...new Set(header.recovery.flat().map((one) => one.kid))].sort();
  const offered = expected.recovery && [...expected.recovery.kids].sort();
  if (first.length !== expected.recovery?.need || found.join() !== offered?.join()) {
    throw new SealingError("WRONG_KEY", "not the recovery that the tender offers");
  }
}

/** Compares the size of the whole file with what the header fixes. */
export function checkSize(header: Header, size: number): void {
  if (size < header.size) throw new SealingError("TRUNCATED", `${size} of ${header.size} bytes`);
  if (size > header.size) throw new SealingError("TRAILING", `${size - header.size} bytes too many`);
}
