/** What a suite is made of, and the half that the browser itself knows: SHA-256, HKDF, AES-256-GCM. */

import { type Bytes, sha256 } from "./bytes";

/** A private key in use: in the browser's own store, or wrapped under a key that is. */
export type Held =
  | { readonly pair: CryptoKeyPair }
  | { readonly wrapping: CryptoKey; readonly nonce: Bytes; readonly ct: Bytes };

/** An AEAD with 12-byte nonces and 16-byte tags behind the ciphertext. */
export interface SegmentCipher {
  encrypt(nonce: Bytes, plain: Bytes): Promise<Bytes>;
  decrypt(nonce: Bytes, sealed: Bytes): Promise<Bytes>;
}

export interface Algorithms {
  digest(...pieces: readonly Uint8Array[]): Promise<Bytes>;
  hkdf(key: Bytes, info: Bytes, salt?: Bytes): Promise<Bytes>;
  /** The cipher of one part, from 32 bytes of key material, a salt and what it is bound to. */
  cipher(key: Bytes, salt: Bytes, aad: Bytes): Promise<SegmentCipher>;
  generate(): Bytes;
  publicOf(secret: Bytes): Promise<Bytes>;
  hold(secret: Bytes, publicKey: Bytes): Promise<Held>;
  seal(share: Bytes, publicKey: Bytes, info: Bytes): Promise<Bytes>;
  open(boxed: Bytes, held: Held, info: Bytes): Promise<Bytes>;
}

/** HKDF-SHA-256 with 32 bytes of output. */
export async function hkdf(key: Bytes, info: Bytes, salt: Bytes = new Uint8Array(0)): Promise<Bytes> {
  const base = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, base, 256));
}

async function aesGcm(key: Bytes, salt: Bytes, aad: Bytes): Promise<SegmentCipher> {
  const cipher = await crypto.subtle.importKey("raw", await hkdf(key, aad, salt), "AES-GCM", false, ["encrypt", "decrypt"]);
  return {
    encrypt: async (iv, plain) => new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, cipher, plain)),
    decrypt: async (iv, sealed) => new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, cipher, sealed)),
  };
}

/** What suites 1 and 2 share. */
export const webCrypto = { digest: sha256, hkdf, cipher: aesGcm };

/** Keeps a secret that the browser has no key type for: readable only through a key that cannot be read. */
export async function wrapped(secret: Bytes): Promise<Held> {
  const wrapping = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const ct = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, wrapping, secret);
  return { wrapping, nonce, ct: new Uint8Array(ct) };
}

/** The secret of `wrapped` while `act` runs. */
export async function unwrapped<T>(held: Held, act: (secret: Bytes) => Promise<T> | T): Promise<T> {
  if ("pair" in held) throw new TypeError("a key of another suite");
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: held.nonce }, held.wrapping, held.ct);
  const secret = new Uint8Array(plain);
  try {
    return await act(secret);
  } finally {
    secret.fill(0);
  }
}
