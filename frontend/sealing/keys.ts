/** Opening keys and the passphrase-wrapped key file: SPEC.md §6. */

import { argon2id } from "hash-wasm";

import { type Held, hkdf, unwrapped } from "./algorithms";
import { type Bytes, concat, equal, random, utf8 } from "./bytes";
import { dumps, loads } from "./canonical";
import { b64u, unb64u } from "./encoding";
import { SealingError, as } from "./errors";
import { type Check, type Shape, type Shaped, exact, isKid, isObject, octets, same, text } from "./shapes";
import { PKCS8 } from "./suite-1";
import { DEFAULT, SECRET_BYTES, type Suite, type SuiteId, suiteOf } from "./suites";

const KIND = "ggzy-key";
const ARGON2ID = { name: "argon2id", m: 65536, t: 3, p: 1 } as const;
const PBKDF2 = { name: "pbkdf2-sha256", i: 600_000 } as const;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
export const MIN_PASSPHRASE = 8;
const MAX_PASSPHRASE_BYTES = 1024;

const ARGON2ID_SHAPE = {
  name: same(ARGON2ID.name),
  m: same(ARGON2ID.m),
  t: same(ARGON2ID.t),
  p: same(ARGON2ID.p),
  salt: octets(SALT_BYTES),
};
const PBKDF2_SHAPE = { name: same(PBKDF2.name), i: same(PBKDF2.i), salt: octets(SALT_BYTES) };

/** The checks of the members that every file of a key has; only suites after the first are named. */
export function naming(suite: Suite): {
  readonly kid: Check<string>;
  readonly public: Check<string>;
  readonly label: Check<string>;
  readonly kdf: Check<Readonly<Record<string, unknown>>>;
  readonly nonce: Check<string>;
} {
  const members = {
    kid: isKid,
    public: octets(suite.publicBytes),
    label: text(200),
    kdf: isObject,
    nonce: octets(NONCE_BYTES),
  };
  return suite === DEFAULT ? members : { ...members, ...{ suite: same(suite.id) } };
}

function keyFile(suite: Suite) {
  const length = frame(suite).length + SECRET_BYTES + 16;
  return { v: same(1), kind: same(KIND), ...naming(suite), ct: octets(length) };
}

/** What stands before the secret: PKCS#8 where it has one fixed form. */
function frame(suite: Suite): Bytes {
  return suite === DEFAULT ? PKCS8 : new Uint8Array(0);
}

/** The member that names the suite; files of suite 1 have none. */
export function named(suite: Suite): { readonly suite?: SuiteId } {
  return suite === DEFAULT ? {} : { suite: suite.id };
}

/** The suite of a key file or holder file; an unknown one is refused. */
export function suiteNamed(body: unknown): Suite {
  return isObject(body) && Object.hasOwn(body, "suite") ? suiteOf(body["suite"]) : DEFAULT;
}

/** A key that opens boxes. Its private half is never readable in the browser's store. */
export interface OpeningKey {
  readonly suite: SuiteId;
  readonly held: Held;
  readonly public: Bytes;
  readonly kid: string;
}

/** A private key that is still raw bytes: only on its way into a file or the key store. */
export interface RawKey {
  readonly suite: SuiteId;
  readonly private: Bytes;
  readonly public: Bytes;
  readonly kid: string;
}

export interface PublicKey {
  readonly suite: SuiteId;
  readonly public: Bytes;
  readonly kid: string;
  readonly label: string;
}

/** Whether this browser knows X25519; the only reliable way to tell is to try. */
export async function supported(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
    return true;
  } catch {
    return false;
  }
}

export async function generateRaw(suite: Suite = DEFAULT): Promise<RawKey> {
  return rawKey((await suite.load()).generate(), suite);
}

/** A raw private key with its public half and name. */
export async function rawKey(privateKey: Bytes, suite: Suite = DEFAULT): Promise<RawKey> {
  let publicKey: Bytes;
  try {
    publicKey = await (await suite.load()).publicOf(privateKey);
  } catch {
    throw new SealingError("KEY_FILE", "not a private key of its suite");
  }
  return { suite: suite.id, private: privateKey, public: publicKey, kid: b64u(await suite.kid(publicKey)) };
}

/** Moves a raw key into the browser's key store, from where its private half cannot be read. */
export async function guard(raw: RawKey): Promise<OpeningKey> {
  const held = await (await suiteOf(raw.suite).load()).hold(raw.private, raw.public);
  raw.private.fill(0);
  return { suite: raw.suite, held, public: raw.public, kid: raw.kid };
}

/** The share in a box; the caller has compared suite and kid. */
export function unbox(key: OpeningKey, boxed: Bytes, label: string, ctxh: Bytes): Promise<Bytes> {
  return suiteOf(key.suite).unbox(boxed, key.held, key.public, label, ctxh);
}

/** Bytes that only this key can make, for the draft on this machine: an agreement with itself. */
export async function ownSecret(key: OpeningKey): Promise<Bytes> {
  if ("pair" in key.held) {
    const agreement = { name: "X25519", public: key.held.pair.publicKey };
    return new Uint8Array(await crypto.subtle.deriveBits(agreement, key.held.pair.privateKey, 256));
  }
  return unwrapped(key.held, (secret) => hkdf(secret, utf8("ggzy-draft/1 own\0")));
}

/** A passphrase in one spelling, whatever keyboard it was typed on. */
export function normalise(passphrase: string, writing = false): Bytes {
  const normal = passphrase.normalize("NFKC");
  if (writing && [...normal].length < MIN_PASSPHRASE) {
    throw new SealingError("PASSPHRASE", `shorter than ${MIN_PASSPHRASE} characters`);
  }
  if (!normal.isWellFormed()) throw new SealingError("PASSPHRASE", "not text");
  const data = utf8(normal);
  if (data.length > MAX_PASSPHRASE_BYTES) throw new SealingError("PASSPHRASE", `longer than ${MAX_PASSPHRASE_BYTES} bytes`);
  return data;
}

/** Turns a passphrase into a key. The costs are fixed: a file cannot ask for a gigabyte. */
export async function derive(passphrase: Bytes, kdf: unknown): Promise<Bytes> {
  if (isObject(kdf) && kdf["name"] === PBKDF2.name) {
    const { i, salt } = exact(kdf, PBKDF2_SHAPE, "kdf", "KEY_FILE");
    const base = await crypto.subtle.importKey("raw", passphrase, "PBKDF2", false, ["deriveBits"]);
    const bits = { name: "PBKDF2", hash: "SHA-256", iterations: i, salt: unb64u(salt) };
    return new Uint8Array(await crypto.subtle.deriveBits(bits, base, 256));
  }
  const { m, t, p, salt } = exact(kdf, ARGON2ID_SHAPE, "kdf", "KEY_FILE");
  const secret = await argon2id({
    password: passphrase,
    salt: unb64u(salt),
    memorySize: m,
    iterations: t,
    parallelism: p,
    hashLength: 32,
    outputType: "binary",
  });
  return new Uint8Array(secret);
}

export function freshKdf(): Readonly<Record<string, unknown>> {
  return { ...ARGON2ID, salt: b64u(random(SALT_BYTES)) };
}

export async function passphraseCipher(passphrase: string, kdf: unknown, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  const secret = await derive(normalise(passphrase, use === "encrypt"), kdf);
  return crypto.subtle.importKey("raw", secret, "AES-GCM", false, [use]);
}

/** Suite 1 binds the public key, as it was frozen; every other the whole open file. */
function aad(body: Readonly<Record<string, unknown>>): Bytes {
  if (!Object.hasOwn(body, "suite")) return unb64u(String(body["public"]));
  const { ct: _, ...open } = body;
  return dumps(open);
}

/** The key file. */
export async function wrap(key: RawKey, passphrase: string, label = ""): Promise<Bytes> {
  const suite = suiteOf(key.suite);
  const nonce = random(NONCE_BYTES);
  const body = {
    v: 1,
    kind: KIND,
    ...named(suite),
    kid: key.kid,
    public: b64u(key.public),
    label,
    kdf: freshKdf(),
    nonce: b64u(nonce),
  };
  const cipher = await passphraseCipher(passphrase, body.kdf, "encrypt");
  const plain = concat(frame(suite), key.private);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: aad(body) }, cipher, plain);
  plain.fill(0);
  return dumps(exact({ ...body, ct: b64u(new Uint8Array(sealed)) }, keyFile(suite), "key file", "KEY_FILE"));
}

/** A file of a key: its shape, its suite, and that its kid is that of its public key. */
export async function readFile<S extends Shape & ReturnType<typeof naming>>(
  data: Bytes,
  members: (suite: Suite) => S,
  what: string,
): Promise<Shaped<S>> {
  const raw = as("KEY_FILE", () => loads(data));
  const suite = suiteNamed(raw);
  const body = exact(raw, members(suite), what, "KEY_FILE");
  const { public: publicKey, kid } = body as unknown as { public: string; kid: string };
  if (b64u(await suite.kid(unb64u(publicKey))) !== kid) throw new SealingError("KEY_FILE", "kid and public key differ");
  return body;
}

function read(data: Bytes): Promise<Shaped<ReturnType<typeof keyFile>>> {
  return readFile(data, keyFile, "key file");
}

/** What a key file says openly; only `unwrap` proves that the private half fits. */
export async function readPublic(data: Bytes): Promise<PublicKey> {
  const body = await read(data);
  return { suite: suiteNamed(body).id, public: unb64u(body.public), kid: body.kid, label: body.label };
}

/** Opens a key file. */
export async function unwrapRaw(data: Bytes, passphrase: string): Promise<RawKey> {
  const body = await read(data);
  const suite = suiteNamed(body);
  const cipher = await passphraseCipher(passphrase, body.kdf, "decrypt");
  let plain: Bytes;
  try {
    const parameters = { name: "AES-GCM", iv: unb64u(body.nonce), additionalData: aad(body) };
    plain = new Uint8Array(await crypto.subtle.decrypt(parameters, cipher, unb64u(body.ct)));
  } catch {
    throw new SealingError("PASSPHRASE", "the passphrase does not open this file");
  }
  const before = frame(suite);
  const key = await rawKey(plain.slice(before.length), suite);
  if (!equal(plain.subarray(0, before.length), before) || !equal(key.public, unb64u(body.public))) {
    throw new SealingError("KEY_FILE", "private and public key do not belong together");
  }
  return key;
}

/** Opens a key file into the browser's key store. */
export async function unwrap(data: Bytes, passphrase: string): Promise<OpeningKey> {
  return guard(await unwrapRaw(data, passphrase));
}
