/** Suite 2: HPKE over X-Wing, ML-KEM-768 and X25519 together. Loaded only where a tender asks for it. */

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";

import { type Algorithms, unwrapped, webCrypto, wrapped } from "./algorithms";
import { concat, random } from "./bytes";

const ENC_BYTES = 1120;
const kem = new XWing();
const hpke = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });

export const algorithms: Algorithms = {
  ...webCrypto,
  generate: () => random(32),
  async publicOf(secret) {
    const { publicKey } = await kem.generateKeyPairDerand(secret.slice());
    return new Uint8Array(await kem.serializePublicKey(publicKey)).slice();
  },
  hold: wrapped,
  async seal(share, publicKey, info) {
    const recipientPublicKey = await kem.deserializePublicKey(publicKey.slice().buffer);
    const sender = await hpke.createSenderContext({ recipientPublicKey, info });
    return concat(new Uint8Array(sender.enc), new Uint8Array(await sender.seal(share)));
  },
  open: (boxed, held, info) =>
    unwrapped(held, async (secret) => {
      const recipientKey = await kem.deserializePrivateKey(secret.slice().buffer);
      const recipient = await hpke.createRecipientContext({ recipientKey, enc: boxed.slice(0, ENC_BYTES), info });
      return new Uint8Array(await recipient.open(boxed.slice(ENC_BYTES)));
    }),
};
