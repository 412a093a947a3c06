/** Suite 1: every key, commitment and box of a sealed bid, byte for byte as SPEC.md §2.2. */

import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";

import { type Bytes, concat, sha256, u32, u8, utf8 } from "./bytes";
import { SealingError } from "./errors";

export const SUITE = "1";
export const SHARE_BYTES = 32;
export const BOX_BYTES = 80;
export const LABELS = ["bidder", "host"] as const;
export type Label = (typeof LABELS)[number];

const ENC_BYTES = 32;
const ZERO = u8(0);

const hpke = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

export interface ContentKeys {
  readonly commitment: Bytes;
  readonly parts: readonly Bytes[];
}

/** HKDF-SHA-256 with 32 bytes of output. */
export async function hkdf(key: Bytes, info: Bytes, salt: Bytes = new Uint8Array(0)): Promise<Bytes> {
  const base = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, base, 256));
}

export async function kidOf(publicKey: Bytes): Promise<Bytes> {
  return (await sha256(utf8("ggzy-bid/1 kid\0"), publicKey)).slice(0, 16);
}

export function commit(share: Bytes, label: Label, ctxh: Bytes): Promise<Bytes> {
  return sha256(utf8("ggzy-bid/1 commit\0"), utf8(label), ZERO, ctxh, share);
}

export function commitPart(key: Bytes, index: number, ctxh: Bytes): Promise<Bytes> {
  return sha256(utf8("ggzy-bid/1 part-commit\0"), u32(index), ctxh, key);
}

function boxInfo(kid: Bytes, label: Label, ctxh: Bytes): Bytes {
  return concat(utf8("ggzy-bid/1 share\0"), utf8(label), ZERO, kid, ZERO, ctxh);
}

/** A share boxed to the holder of `publicKey`. */
export async function box(share: Bytes, publicKey: Bytes, label: Label, ctxh: Bytes): Promise<Bytes> {
  try {
    const recipientPublicKey = await hpke.kem.deserializePublicKey(publicKey.buffer);
    const info = boxInfo(await kidOf(publicKey), label, ctxh);
    const sender = await hpke.createSenderContext({ recipientPublicKey, info });
    return concat(new Uint8Array(sender.enc), new Uint8Array(await sender.seal(share)));
  } catch {
    // An all-zero or low-order public key makes a shared secret that everybody knows.
    throw new SealingError("MALFORMED", `${label} public key is not usable`);
  }
}

/** The share in a box; the caller has compared the kid. */
export async function unbox(boxed: Bytes, key: CryptoKeyPair, publicKey: Bytes, label: Label, ctxh: Bytes): Promise<Bytes> {
  let share: Bytes;
  try {
    const info = boxInfo(await kidOf(publicKey), label, ctxh);
    const recipient = await hpke.createRecipientContext({
      recipientKey: key,
      enc: boxed.slice(0, ENC_BYTES),
      info,
    });
    share = new Uint8Array(await recipient.open(boxed.slice(ENC_BYTES)));
  } catch {
    throw new SealingError("WRONG_KEY", `the ${label} box does not open`);
  }
  if (share.length !== SHARE_BYTES) throw new SealingError("MALFORMED", `the ${label} box holds ${share.length} bytes`);
  return share;
}

/** The key commitment and the part keys, from both shares. */
export async function contentKeys(bidder: Bytes, host: Bytes, ctxh: Bytes, parts: number): Promise<ContentKeys> {
  const cek = await hkdf(concat(bidder, host), concat(utf8("ggzy-bid/1 cek\0"), ctxh));
  return {
    commitment: await hkdf(cek, concat(utf8("ggzy-bid/1 kc\0"), ctxh)),
    parts: await Promise.all(
      Array.from({ length: parts }, (_, index) => hkdf(cek, concat(utf8("ggzy-bid/1 part\0"), u32(index), ctxh))),
    ),
  };
}
