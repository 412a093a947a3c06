/**
 * Suite GM-1: SM2 boxes, SM3, SM4-GCM. A demonstration that the algorithms fit, loaded only where a
 * tender asks for it: not a certified commercial-cryptography product, and not assessed.
 */

import { hkdf, sm2, sm3, sm4 } from "sm-crypto-v2";

import { type Algorithms, type SegmentCipher, unwrapped, wrapped } from "./algorithms";
import { type Bytes, concat, equal, random, u8 } from "./bytes";
import { readBox, writeBox } from "./sm2-box";

const C1C3C2 = 1;
const UNCOMPRESSED = 4;
const HASH_BYTES = 32;
const POINT_BYTES = 64;
const KEY_BYTES = 16;
const TAG_BYTES = 16;
const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function unhex(text: string): Bytes {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

function digest(...pieces: readonly Uint8Array[]): Bytes {
  return unhex(sm3(concat(...pieces)));
}

function inRange(secret: Bytes): boolean {
  const value = BigInt(`0x${hex(secret)}`);
  return value >= 1n && value <= ORDER - 2n;
}

function sm4Gcm(key: Bytes): SegmentCipher {
  return {
    async encrypt(iv, plain) {
      const made = sm4.encrypt(plain, key, { mode: "gcm", iv, output: "array", outputTag: true });
      return concat(made.output, made.tag ?? u8(0));
    },
    async decrypt(iv, sealed) {
      const tag = sealed.slice(sealed.length - TAG_BYTES);
      const body = sealed.subarray(0, sealed.length - TAG_BYTES);
      return new Uint8Array(sm4.decrypt(body, key, { mode: "gcm", iv, output: "array", tag }));
    },
  };
}

export const algorithms: Algorithms = {
  digest: async (...pieces) => digest(...pieces),
  hkdf: async (key, info, salt) => new Uint8Array(hkdf(key, salt, info, 32)),
  cipher: async (key, salt, aad) => sm4Gcm(new Uint8Array(hkdf(key, salt, aad, KEY_BYTES))),
  generate() {
    for (;;) {
      const secret = random(32);
      if (inRange(secret)) return secret;
    }
  },
  async publicOf(secret) {
    if (!inRange(secret)) throw new RangeError("not a secret of this curve");
    return unhex(sm2.getPublicKeyFromPrivateKey(hex(secret)));
  },
  hold: wrapped,
  async seal(share, publicKey, info) {
    if (publicKey[0] !== UNCOMPRESSED || !sm2.verifyPublicKey(hex(publicKey))) throw new RangeError("not on the curve");
    const made = unhex(sm2.doEncrypt(concat(share, digest(info)), hex(publicKey), C1C3C2));
    return writeBox({
      x: made.slice(0, POINT_BYTES / 2),
      y: made.slice(POINT_BYTES / 2, POINT_BYTES),
      c3: made.slice(POINT_BYTES, POINT_BYTES + HASH_BYTES),
      c2: made.slice(POINT_BYTES + HASH_BYTES),
    });
  },
  open: (boxed, held, info) =>
    unwrapped(held, (secret) => {
      const box = readBox(boxed);
      if (!box) throw new RangeError("not a box");
      const raw = hex(concat(box.x, box.y, box.c3, box.c2));
      const plain = new Uint8Array(sm2.doDecrypt(raw, hex(secret), C1C3C2, { output: "array" }));
      const share = plain.slice(0, -HASH_BYTES);
      // SM2 has no associated data: what a box is for stands hashed in its plaintext.
      if (!equal(plain.slice(-HASH_BYTES), digest(info))) throw new RangeError("a box for something else");
      return share;
    }),
};
