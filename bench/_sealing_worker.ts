/** Where `sealing` measures Chromium: the product's sealer and its peers, each in a worker of its own. */

import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";

import { random } from "../frontend/sealing/bytes";
import { type Bid, seal } from "../frontend/sealing/envelope";
import { blobPiece, streamChunks } from "../frontend/sealing/reading";
import { SEGMENT } from "../frontend/sealing/stream";
import { holdFile } from "../frontend/store/files";
import { CONTEXT, FORM, publicKey } from "./_sealing_scene";

/** Runs `act` with a sink into the browser's store, and gives how much was written. */
async function stored(act: (sink: (block: Uint8Array) => void) => Promise<unknown>): Promise<number> {
  const out = await holdFile("bench");
  let at = 0;
  try {
    out.truncate(0);
    await act((block) => {
      at += out.write(block, { at });
    });
    out.flush();
    return at;
  } finally {
    out.close();
  }
}

/** The product's sealer as its worker calls it: a file in, the sealed file and its fingerprint out. */
async function sealed(file: File): Promise<number> {
  const recipients = { bidder: await publicKey(), host: await publicKey() };
  const files = [{ name: file.name, part: "technical", content: blobPiece(file) }] as const;
  const bid: Bid = { context: CONTEXT, recipients, form: FORM, files };
  return stored((sink) => seal(bid, sink));
}

/** age-encryption, the same file into the same store. */
async function age(file: File): Promise<number> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(await generateX25519Identity()));
  const made = await encrypter.encrypt(file.stream());
  return stored(async (sink) => {
    for await (const chunk of streamChunks(made)) sink(chunk);
  });
}

/** WebCrypto alone: segments of the same size, one after the other; nothing is read or written. */
async function webcrypto(file: File): Promise<number> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const plain = new Uint8Array(SEGMENT);
  let done = 0;
  for (; done < file.size; done += SEGMENT) await crypto.subtle.encrypt({ name: "AES-GCM", iv: random(12) }, key, plain);
  return done;
}

const MEASURES = { seal: sealed, webcrypto, age };
export type Measure = keyof typeof MEASURES;

onmessage = async ({ data: [measure, file] }: MessageEvent<[Measure, File]>) => {
  const begun = performance.now();
  try {
    const made = await MEASURES[measure](file);
    postMessage(made < file.size ? `only ${made} of ${file.size} bytes` : performance.now() - begun);
  } catch (error) {
    postMessage(String(error));
  }
};
