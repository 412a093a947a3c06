/** The browser's twin laid open to tests as `window.hp`, with helpers that speak plain JSON. */

import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { decodeQR } from "qr/decode.js";
import { sm2, sm3, sm4 } from "sm-crypto-v2";

import { type Bytes, concat, readU32, u32, utf8 } from "../../frontend/sealing/bytes";
import { dumps, loads } from "../../frontend/sealing/canonical";
import { readLogKey, verifyCheckpoint } from "../../frontend/sealing/checkpoint";
import { rootOf } from "../../frontend/sealing/digests";
import { b64u, unb64u } from "../../frontend/sealing/encoding";
import { type Bid, openFile, openStream, seal } from "../../frontend/sealing/envelope";
import { SealingError } from "../../frontend/sealing/errors";
import { type Expected, type Header, checkHeader, parseHeader, readContext, readHeader } from "../../frontend/sealing/header";
import { generateRaw, guard, ownSecret, rawKey, unwrap, wrap } from "../../frontend/sealing/keys";
import { verifyLogConsistency, verifyLogged } from "../../frontend/sealing/log";
import { leafHash, rootFromInclusion, verifyConsistency } from "../../frontend/sealing/merkle";
import { MemoryFiles, type PartOfBid } from "../../frontend/sealing/package";
import { Reader, blobPiece, bytesPiece, readPieces } from "../../frontend/sealing/reading";
import { verifyReceipt } from "../../frontend/sealing/receipts";
import { readPieces as readPieceFile, recover, releasePieces, writePieces } from "../../frontend/sealing/recovery";
import { type Share, release, writeShare } from "../../frontend/sealing/shares";
import { combine, openHolding, split } from "../../frontend/sealing/splitting";
import { decrypt, encrypt } from "../../frontend/sealing/stream";
import { DEFAULT, type Label, type SuiteId, suiteOf } from "../../frontend/sealing/suites";
import { openCertificate } from "../../frontend/signing/pkcs12";
import { sign } from "../../frontend/signing/signer";
import { parseYuan, plainYuan, uppercase, wan, yuan } from "../../frontend/ui/money";
import { Forecast } from "../../frontend/upload/forecast";

const text = new TextDecoder();
const hex = (data: Uint8Array): string => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (data: string): Bytes => Uint8Array.from(data.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** "" when `act` was done, else the code it was refused with. */
async function outcome(act: () => unknown): Promise<string> {
  try {
    await act();
    return "";
  } catch (error) {
    if (error instanceof SealingError) return error.code;
    throw error;
  }
}

async function fetched(url: string): Promise<Blob> {
  return (await fetch(url)).blob();
}

async function headerOf(file: Blob): Promise<Header> {
  return readHeader(new Reader(blobPiece(file).chunks()));
}

function shared(secrets: Partial<Record<Label, string>>): Share[] {
  return (Object.entries(secrets) as [Label, string][]).map(([label, secret]) => ({ label, secret: unb64u(secret) }));
}

async function opened(file: Blob, secrets: Partial<Record<Label, string>>, expected?: Expected): Promise<unknown> {
  const files = new MemoryFiles();
  const { header, form, files: listed } = await openFile(file, { shares: shared(secrets), ...(expected ? { expected } : {}), files });
  return {
    header_sha256: b64u(header.sha256),
    form,
    files: await Promise.all(
      listed.map(async (one) => ({
        ...one,
        sha256: b64u(new Uint8Array(await crypto.subtle.digest("SHA-256", await files.files.get(one.name)!.arrayBuffer()))),
      })),
    ),
  };
}

interface Spoiling {
  readonly xor?: readonly (readonly [number, number])[];
  readonly size?: number;
  readonly append?: string;
  readonly replace?: string;
  readonly header?: string;
  readonly header_length?: number;
}

function spoil(data: Bytes, how: Spoiling): Bytes {
  let made = new Uint8Array(data);
  for (const [at, bits] of how.xor ?? []) made[at]! ^= bits;
  if (how.size !== undefined) made = made.slice(0, how.size);
  if (how.append) made = concat(made, unb64u(how.append));
  if (how.replace) made = unb64u(how.replace);
  if (how.header_length !== undefined) made.set(u32(how.header_length), 8);
  if (how.header !== undefined) {
    const header = new TextEncoder().encode(how.header);
    made = concat(made.subarray(0, 8), u32(header.length), header, made.subarray(12 + readU32(made.subarray(8))));
  }
  return made;
}

/** Sealing with what the browser draws itself; the file goes to the test by POST. */
async function sealed(bid: {
  context: unknown;
  bidder: string;
  host: string;
  suite?: SuiteId;
  recovery?: { need: number; publics: string[] };
  form: Bid["form"];
  files: { name: string; part: PartOfBid; size: number }[];
}, post: string): Promise<unknown> {
  const blocks: Bytes[] = [];
  const made = await seal(
    {
      context: readContext(bid.context),
      recipients: {
        bidder: unb64u(bid.bidder),
        host: unb64u(bid.host),
        suite: bid.suite ?? "1",
        ...(bid.recovery ? { recovery: { need: bid.recovery.need, publics: bid.recovery.publics.map((one) => unb64u(one)) } } : {}),
      },
      form: bid.form,
      files: bid.files.map(({ name, part, size }) => ({ name, part, content: blobPiece(new Blob([pattern(size)])) })),
    },
    (block) => void blocks.push(block.slice()),
  );
  const file = new Blob(blocks);
  await fetch(post, { method: "POST", body: file });
  return {
    size: made.size,
    posted: file.size,
    ct_root: b64u(made.ctRoot),
    header_sha256: b64u(made.header.sha256),
    again: b64u(await rootOf(blobPiece(file).chunks())),
  };
}

function pattern(length: number): Bytes {
  return Uint8Array.from({ length }, (_, index) => index % 251);
}

async function streamed(one: Record<string, string> & { length: number }): Promise<unknown> {
  const queue = [unb64u(one["salt"]!), unb64u(one["nonce_prefix"]!)];
  const real = crypto.getRandomValues.bind(crypto);
  crypto.getRandomValues = ((array: Uint8Array) => (array.set(queue.shift()!), array)) as typeof real;
  const [key, aad] = [unb64u(one["key"]!), unb64u(one["aad"]!)];
  const chunks: Bytes[] = [];
  try {
    const source = readPieces([bytesPiece(pattern(one.length))]);
    for await (const chunk of encrypt(source, one.length, key, aad, DEFAULT)) chunks.push(chunk);
  } finally {
    crypto.getRandomValues = real;
  }
  const cipher = concat(...chunks);
  const plain: Bytes[] = [];
  for await (const chunk of decrypt(readPieces([bytesPiece(cipher)]), one.length, key, aad, DEFAULT)) plain.push(chunk);
  return {
    length: cipher.length,
    sha256: b64u(new Uint8Array(await crypto.subtle.digest("SHA-256", cipher))),
    back: concat(...plain).every((byte, index) => byte === index % 251),
  };
}

interface HpkeRecord extends Record<string, unknown> {
  readonly encryptions: readonly Record<string, string>[];
  readonly exports: readonly { exporter_context: string; L: number; exported_value: string }[];
}

/** Runs a whole official record of suite 1: sender from its randomness, every encryption, every export. */
async function hpkeRecord(record: HpkeRecord): Promise<unknown> {
  const bytes = (name: string): Bytes => unhex(record[name] as string);
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientPublicKey = await suite.kem.deserializePublicKey(bytes("pkRm").buffer);
  const info = bytes("info").buffer;
  const ekm = await suite.kem.deriveKeyPair(bytes("ikmE").buffer);
  const sender = await suite.createSenderContext({ recipientPublicKey, info, ekm });
  // The private key is imported exactly as the product does.
  const algorithms = await DEFAULT.load();
  const { pair } = (await algorithms.hold(bytes("skRm"), bytes("pkRm"))) as { pair: CryptoKeyPair };
  const recipient = await suite.createRecipientContext({ recipientKey: pair, enc: bytes("enc").buffer, info });
  let sealed = 0;
  let opened = 0;
  for (const one of record.encryptions) {
    const [pt, ct, aad] = [one["pt"]!, one["ct"]!, unhex(one["aad"]!).buffer];
    if (hex(new Uint8Array(await sender.seal(unhex(pt).buffer, aad))) === ct) sealed += 1;
    if (hex(new Uint8Array(await recipient.open(unhex(ct).buffer, aad))) === pt) opened += 1;
  }
  let exported = 0;
  for (const one of record.exports) {
    const made = await recipient.export(unhex(one.exporter_context).buffer, one.L);
    if (hex(new Uint8Array(made)) === one.exported_value) exported += 1;
  }
  const publicKey = hex(await algorithms.publicOf(bytes("skRm")));
  return { public: publicKey, enc: hex(new Uint8Array(sender.enc)), sealed, opened, exported };
}

/** The official record of X-Wing: the key, both directions of the encapsulation. */
async function xWingRecord(record: Record<string, string>): Promise<unknown> {
  const kem = new XWing();
  const recipientPublicKey = await kem.deserializePublicKey(unhex(record["pkRm"]!).buffer);
  const made = await kem.encap({ recipientPublicKey, ekm: unhex(record["ikmE"]!).buffer });
  const recipientKey = await kem.deserializePrivateKey(unhex(record["skRm"]!).buffer);
  const found = await kem.decap({ recipientKey, enc: unhex(record["enc"]!).buffer });
  return {
    public: hex(await (await suiteOf("2").load()).publicOf(unhex(record["skRm"]!))),
    enc: hex(new Uint8Array(made.enc)),
    encapsulated: hex(new Uint8Array(made.sharedSecret)),
    decapsulated: hex(new Uint8Array(found)),
  };
}

/** The official samples of the SM algorithms, by the library that suite GM-1 uses in the browser. */
function guomi(samples: Record<string, Record<string, string>>): Record<string, boolean> {
  const { sm3: hash, sm4: block, gcm, sm2: curve } = samples as Record<string, Record<string, string>>;
  const plain = new TextEncoder().encode(curve!["plain"]);
  const sealed = sm4.encrypt(unhex(gcm!["plain"]!), unhex(gcm!["key"]!), {
    mode: "gcm",
    iv: unhex(gcm!["nonce"]!),
    associatedData: unhex(gcm!["aad"]!),
    output: "array",
    outputTag: true,
  });
  return {
    sm3: sm3(unhex(hash!["message"]!)) === hash!["digest"],
    sm4: sm4.encrypt(unhex(block!["plain"]!), unhex(block!["key"]!), { padding: "none" }) === block!["cipher"],
    gcm: hex(sealed.output) === gcm!["cipher"] && hex(sealed.tag!) === gcm!["tag"],
    public: sm2.getPublicKeyFromPrivateKey(curve!["private"]!) === curve!["public"],
    decrypt: hex(sm2.doDecrypt(curve!["c1"]!.slice(2) + curve!["c3"]! + curve!["c2"]!, curve!["private"]!, 1, { output: "array" })) === hex(plain),
    verify: sm2.doVerifySignature(new TextEncoder().encode(curve!["message"]), curve!["r"]! + curve!["s"]!, curve!["public"]!, {
      hash: true,
      userId: curve!["user"]!,
    }),
  };
}

/** Spoils a file in seeded random ways; everything but a refusal with a code is told. */
async function fuzz(url: string, secrets: Partial<Record<Label, string>>, seed: number, rounds: number): Promise<unknown> {
  const good = new Uint8Array(await (await fetched(url)).arrayBuffer());
  const headerEnd = 12 + readU32(good.subarray(8));
  const shares = shared(secrets);
  let state = seed;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const codes: Record<string, number> = {};
  const odd: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    let data = good.slice();
    const end = round % 3 ? headerEnd + 64 : data.length;
    for (let times = 1 + draw(3); times > 0; times -= 1) {
      const at = draw(Math.min(end, data.length));
      const length = draw(9);
      switch (draw(4)) {
        case 0:
          data[at]! ^= 1 << draw(8);
          break;
        case 1:
          data = concat(data.subarray(0, at), data.subarray(at + 1 + length));
          break;
        case 2:
          data = concat(data.subarray(0, at), Uint8Array.from({ length: 1 + length }, () => draw(256)), data.subarray(at));
          break;
        default:
          data.set(data.slice(draw(headerEnd), headerEnd).subarray(0, length), Math.min(at, data.length - length));
      }
    }
    const files = new MemoryFiles();
    const same = data.length === good.length && data.every((byte, at) => byte === good[at]);
    try {
      const code = await outcome(() => openFile(new Blob([data]), { shares, files }));
      codes[code] = (codes[code] ?? 0) + 1;
      if (!code && !same) odd.push(`round ${round}: accepted`);
      if (code && files.files.size) odd.push(`round ${round}: ${code}, but files were shown`);
    } catch (error) {
      odd.push(`round ${round}: ${String(error)}`);
    }
  }
  return { codes, odd };
}

Object.assign(window, {
  hp: {
    outcome: (name: keyof typeof tools, ...given: unknown[]) =>
      outcome(() => (tools[name] as (...args: unknown[]) => unknown)(...given)),
    call: (name: keyof typeof tools, ...given: unknown[]) => (tools[name] as (...args: unknown[]) => unknown)(...given),
  },
});

const tools = {
  canonical: (value: unknown) => b64u(dumps(value)),
  reread: (bytes: string) => b64u(dumps(loads(unb64u(bytes)))),
  streamed,
  hpkeRecord,
  xWingRecord,
  guomi,
  fuzz,
  root: async (url: string) => b64u(await rootOf(blobPiece(await fetched(url)).chunks())),
  open: async (url: string, secrets: Partial<Record<Label, string>>, expected?: Expected) =>
    opened(await fetched(url), secrets, expected),
  openStreamed: async (url: string, secrets: Partial<Record<Label, string>>) => {
    const { body } = await fetch(url);
    const files = new MemoryFiles();
    const seen: string[] = [];
    const chunks = (async function* () {
      const reader = body!.getReader();
      for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
    })();
    await openStream(chunks, { shares: shared(secrets), files, onForm: () => void seen.push(`form before ${files.files.size}`) });
    return [...seen, `files ${files.files.size}`];
  },
  openSpoilt: async (url: string, secrets: Partial<Record<Label, string>>, cases: (Spoiling & { name: string })[]) => {
    const good = new Uint8Array(await (await fetched(url)).arrayBuffer());
    const found: Record<string, string> = {};
    for (const one of cases) {
      const file = new Blob([spoil(good, one)]);
      const files = new MemoryFiles();
      found[one.name] = await outcome(() => openFile(file, { shares: shared(secrets), files }));
      if (files.files.size) found[one.name] += " but files were shown";
    }
    return found;
  },
  release: async (url: string, label: Label, secret: string, suite: SuiteId = "1") => {
    const header = await headerOf(await fetched(url));
    const key = await guard(await rawKey(unb64u(secret), suiteOf(suite)));
    return text.decode(writeShare(await release(header, label, key), header));
  },
  parseHeader: (json: string) => parseHeader(utf8(json)),
  expects: async (json: string, expected: Expected) => checkHeader(await parseHeader(utf8(json)), expected),
  pieces: async (json: string, secret: string, suite: SuiteId) => {
    const [header, key] = [await parseHeader(utf8(json)), await guard(await rawKey(unb64u(secret), suiteOf(suite)))];
    return text.decode(writePieces(await releasePieces(header, key), header, key.kid));
  },
  recover: async (json: string, files: string[]) => {
    const header = await parseHeader(utf8(json));
    const pieces = await Promise.all(files.map((file) => readPieceFile(loads(utf8(file)), header)));
    return b64u((await recover(header, pieces.flat())).secret);
  },
  seal: sealed,
  unwrap: async (file: string, passphrase: string) => {
    const key = await unwrap(new TextEncoder().encode(file) as Bytes, passphrase);
    const inner = "pair" in key.held ? key.held.pair.privateKey : key.held.wrapping;
    return { suite: key.suite, kid: key.kid, extractable: inner.extractable, own: b64u(await ownSecret(key)) };
  },
  wrap: async (passphrase: string, label: string, suite: SuiteId = "1") => {
    const key = await generateRaw(suiteOf(suite));
    return { kid: key.kid, private: b64u(key.private), file: text.decode(await wrap(key, passphrase, label)) };
  },
  combine: async (one: string, other: string, words: string[]) => {
    const bytes = (file: string): Bytes => new TextEncoder().encode(file) as Bytes;
    const key = await combine(await openHolding(bytes(one), words[0]!), await openHolding(bytes(other), words[1]!));
    return key.kid;
  },
  split: async (words: string[], label: string, suite: SuiteId = "1") => {
    const key = await generateRaw(suiteOf(suite));
    const kept = b64u(key.private);
    const files = await split(key, words, label);
    return { private: kept, kid: key.kid, files: files.map((file) => text.decode(file)) };
  },
  checkpoint: async (note: string, key: string) => {
    const state = await verifyCheckpoint(note, await readLogKey(key));
    return { size: state.size, root: b64u(state.root) };
  },
  logged: async (body: unknown, note: string, key: string) =>
    verifyLogged(body, await verifyCheckpoint(note, await readLogKey(key))),
  consistency: async (body: unknown, older: string, newer: string, key: string) => {
    const log = await readLogKey(key);
    return verifyLogConsistency(body, await verifyCheckpoint(older, log), await verifyCheckpoint(newer, log));
  },
  receipt: async (token: string, key: string) => {
    const receipt = await verifyReceipt(token, await readLogKey(key));
    return { bid: receipt.entry.bid, proven: receipt.proven, leaf: b64u(receipt.leaf) };
  },
  inclusion: async (leaf: string, index: number, size: number, path: string[]) =>
    hex(await rootFromInclusion(await leafHash(unhex(leaf)), index, size, path.map(unhex))),
  treeGrew: (from: number, oldRoot: string, to: number, newRoot: string, path: string[]) =>
    verifyConsistency({ size: from, root: unhex(oldRoot) }, { size: to, root: unhex(newRoot) }, path.map(unhex)),
  certificate: async (url: string, pin: string) => {
    const { key, ...told } = await openCertificate(await fetched(url), pin);
    return { ...told, extractable: key.extractable };
  },
  sign: async (url: string, pin: string, purpose: string, body: unknown) =>
    sign(await openCertificate(await fetched(url), pin), purpose, dumps(body)),
  /** Reads a QR code of dark unit squares, drawn four pixels wide. */
  scan: (side: number, squares: [number, number][]) => {
    const [width, pixel] = [side * 4, 4];
    const data = new Uint8ClampedArray(width * width * 4).fill(255);
    const dark = (x: number, y: number): void => void data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    for (const [x, y] of squares) {
      for (let at = 0; at < pixel * pixel; at += 1) dark(x * pixel + (at % pixel), y * pixel + Math.floor(at / pixel));
    }
    return decodeQR({ width, height: width, data });
  },
  parseYuan: (value: string) => parseYuan(value)?.toString() ?? null,
  moneyWords: (fen: string) => [yuan, plainYuan, wan, uppercase].map((write) => write(BigInt(fen))),
  forecast: (whole: number, measured: [number, number][], available: number) => {
    const [[sent, at] = [0, 0], ...rest] = measured;
    const forecast = new Forecast(whole, sent, at);
    for (const [bytes, seconds] of rest) forecast.measure(bytes, seconds);
    return { rate: forecast.rate, left: forecast.left, margin: forecast.margin(available) };
  },
};
