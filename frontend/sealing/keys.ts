/** Opening keys (X25519) and the passphrase-wrapped key file: SPEC.md §6. */

import { argon2id } from "hash-wasm";

import { type Bytes, equal, random, utf8 } from "./bytes";
import { dumps, loads } from "./canonical";
import { b64u, unb64u } from "./encoding";
import { SealingError, as } from "./errors";
import { type Shaped, exact, isKid, isObject, octets, same, text } from "./shapes";
import { kidOf } from "./suites";

const KIND = "ggzy-key";
const ARGON2ID = { name: "argon2id", m: 65536, t: 3, p: 1 } as const;
const PBKDF2 = { name: "pbkdf2-sha256", i: 600_000 } as const;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
export const MIN_PASSPHRASE = 8;
const MAX_PASSPHRASE_BYTES = 1024;
// RFC 8410: the DER around the 32 raw bytes never varies.
const PKCS8 = Uint8Array.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20]);

const MEMBERS = {
  v: same(1),
  kind: same(KIND),
  kid: isKid,
  public: octets(32),
  label: text(200),
  kdf: isObject,
  nonce: octets(NONCE_BYTES),
  ct: octets(PKCS8.length + 32 + 16),
};
const ARGON2ID_SHAPE = {
  name: same(ARGON2ID.name),
  m: same(ARGON2ID.m),
  t: same(ARGON2ID.t),
  p: same(ARGON2ID.p),
  salt: octets(SALT_BYTES),
};
const PBKDF2_SHAPE = { name: same(PBKDF2.name), i: same(PBKDF2.i), salt: octets(SALT_BYTES) };

/** A key that opens boxes. Its private half never leaves the browser's key store. */
export interface OpeningKey {
  readonly pair: CryptoKeyPair;
  readonly public: Bytes;
  readonly kid: string;
}

/** A private key that is still raw bytes: only on its way into a file or the key store. */
export interface RawKey {
  readonly private: Bytes;
  readonly public: Bytes;
  readonly kid: string;
}

export interface PublicKey {
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

export async function generateRaw(): Promise<RawKey> {
  return rawKey(random(32));
}

/** A raw private key with its public half and name. */
export async function rawKey(privateKey: Bytes): Promise<RawKey> {
  const pkcs8 = new Uint8Array([...PKCS8, ...privateKey]);
  const imported = await crypto.subtle.importKey("pkcs8", pkcs8, { name: "X25519" }, true, ["deriveBits"]);
  const { x } = await crypto.subtle.exportKey("jwk", imported);
  const publicKey = unb64u(x ?? "", 32);
  return { private: privateKey, public: publicKey, kid: b64u(await kidOf(publicKey)) };
}

/** Moves a raw key into the browser's key store, from where its private half cannot be read. */
export async function guard(raw: RawKey): Promise<OpeningKey> {
  const pkcs8 = new Uint8Array([...PKCS8, ...raw.private]);
  const pair = {
    privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, { name: "X25519" }, false, ["deriveBits"]),
    publicKey: await crypto.subtle.importKey("raw", raw.public, { name: "X25519" }, true, []),
  };
  pkcs8.fill(0);
  raw.private.fill(0);
  return { pair, public: raw.public, kid: raw.kid };
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

/** The key file. */
export async function wrap(key: RawKey, passphrase: string, label = ""): Promise<Bytes> {
  const kdf = freshKdf();
  const nonce = random(NONCE_BYTES);
  const cipher = await passphraseCipher(passphrase, kdf, "encrypt");
  const pkcs8 = new Uint8Array([...PKCS8, ...key.private]);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: key.public }, cipher, pkcs8);
  const body = {
    v: 1,
    kind: KIND,
    kid: key.kid,
    public: b64u(key.public),
    label,
    kdf,
    nonce: b64u(nonce),
    ct: b64u(new Uint8Array(sealed)),
  };
  return dumps(exact(body, MEMBERS, "key file", "KEY_FILE"));
}

async function read(data: Bytes): Promise<Shaped<typeof MEMBERS>> {
  const body = as("KEY_FILE", () => exact(loads(data), MEMBERS, "key file", "KEY_FILE"));
  await checkKid(body.public, body.kid);
  return body;
}

/** Refuses a file whose kid is not that of its public key. */
export async function checkKid(publicKey: string, kid: string): Promise<void> {
  if (b64u(await kidOf(unb64u(publicKey))) !== kid) throw new SealingError("KEY_FILE", "kid and public key differ");
}

/** What a key file says openly; only `unwrap` proves that the private half fits. */
export async function readPublic(data: Bytes): Promise<PublicKey> {
  const body = await read(data);
  return { public: unb64u(body.public), kid: body.kid, label: body.label };
}

/** Opens a key file. */
export async function unwrapRaw(data: Bytes, passphrase: string): Promise<RawKey> {
  const body = await read(data);
  const publicKey = unb64u(body.public);
  const cipher = await passphraseCipher(passphrase, body.kdf, "decrypt");
  let pkcs8: Bytes;
  try {
    const parameters = { name: "AES-GCM", iv: unb64u(body.nonce), additionalData: publicKey };
    pkcs8 = new Uint8Array(await crypto.subtle.decrypt(parameters, cipher, unb64u(body.ct)));
  } catch {
    throw new SealingError("PASSPHRASE", "the passphrase does not open this file");
  }
  const key = await rawKey(pkcs8.slice(PKCS8.length));
  if (!equal(pkcs8.subarray(0, PKCS8.length), PKCS8) || !equal(key.public, publicKey)) {
    throw new SealingError("KEY_FILE", "private and public key do not belong together");
  }
  return key;
}

/** Opens a key file into the browser's key store. */
export async function unwrap(data: Bytes, passphrase: string): Promise<OpeningKey> {
  return guard(await unwrapRaw(data, passphrase));
}
