/** Suite 1: HPKE (RFC 9180) over X25519; the private key lives in the browser's key store. */

import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";

import { type Algorithms, webCrypto } from "./algorithms";
import { type Bytes, concat, random } from "./bytes";
import { unb64u } from "./encoding";

const ENC_BYTES = 32;
/** RFC 8410: the DER around the 32 raw bytes never varies. */
export const PKCS8 = Uint8Array.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20]);

const hpke = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

async function imported(secret: Bytes, extractable: boolean): Promise<CryptoKey> {
  const pkcs8 = concat(PKCS8, secret);
  try {
    return await crypto.subtle.importKey("pkcs8", pkcs8, { name: "X25519" }, extractable, ["deriveBits"]);
  } finally {
    pkcs8.fill(0);
  }
}

export const algorithms: Algorithms = {
  ...webCrypto,
  generate: () => random(32),
  async publicOf(secret) {
    const { x } = await crypto.subtle.exportKey("jwk", await imported(secret, true));
    return unb64u(x ?? "", 32);
  },
  async hold(secret, publicKey) {
    const publicHalf = await crypto.subtle.importKey("raw", publicKey, { name: "X25519" }, true, []);
    return { pair: { privateKey: await imported(secret, false), publicKey: publicHalf } };
  },
  async seal(share, publicKey, info) {
    const recipientPublicKey = await hpke.kem.deserializePublicKey(publicKey);
    const sender = await hpke.createSenderContext({ recipientPublicKey, info });
    return concat(new Uint8Array(sender.enc), new Uint8Array(await sender.seal(share)));
  },
  async open(boxed, held, info) {
    if (!("pair" in held)) throw new TypeError("a key of another suite");
    const recipient = await hpke.createRecipientContext({ recipientKey: held.pair, enc: boxed.slice(0, ENC_BYTES), info });
    return new Uint8Array(await recipient.open(boxed.slice(ENC_BYTES)));
  },
};
