/** The host key in the hands of three, any two of whom can use it: SPEC.md §7. */

import { type Bytes, concat, equal, random, xor } from "./bytes";
import { dumps } from "./canonical";
import { b64u, unb64u } from "./encoding";
import { SealingError } from "./errors";
import {
  type OpeningKey,
  type PublicKey,
  type RawKey,
  freshKdf,
  guard,
  named,
  naming,
  passphraseCipher,
  rawKey,
  readFile,
  suiteNamed,
} from "./keys";
import { type Check, type Shaped, exact, isHash, octets, same, whole } from "./shapes";
import { type Suite, type SuiteId, suiteOf } from "./suites";

const KIND = "ggzy-host-holder";
const HOLDERS = [1, 2, 3] as const;
const NEED = 2;
const PIECE_BYTES = 32;
const NONCE_BYTES = 12;

const threeHashes: Check<readonly string[]> = (value): value is readonly string[] =>
  Array.isArray(value) && value.length === HOLDERS.length && value.every(isHash);

function members(suite: Suite) {
  return {
    v: same(1),
    kind: same(KIND),
    ...naming(suite),
    holder: whole(1, HOLDERS.length),
    need: same(NEED),
    of: same(HOLDERS.length),
    commitments: threeHashes,
    ct: octets(2 * PIECE_BYTES + 16),
  };
}
type HolderFile = Shaped<ReturnType<typeof members>>;

/** What one holder has once the passphrase was right: two of the three pieces. */
export interface Holding {
  readonly holder: number;
  readonly suite: SuiteId;
  readonly kid: string;
  readonly public: Bytes;
  readonly commitments: readonly string[];
  readonly pieces: ReadonlyMap<number, Bytes>;
}

function aad(body: Readonly<Record<string, unknown>>): Bytes {
  const { ct: _, ...open } = body;
  return dumps(open);
}

function others(holder: number): number[] {
  return HOLDERS.filter((number) => number !== holder);
}

/** Three holder files; each passphrase is its holder's own. */
export async function split(key: RawKey, passphrases: readonly string[], label = ""): Promise<Bytes[]> {
  if (passphrases.length !== HOLDERS.length) throw new SealingError("PASSPHRASE", "3 passphrases are needed");
  const first = random(PIECE_BYTES);
  const second = random(PIECE_BYTES);
  const pieces = [first, second, xor(key.private, first, second)];
  const suite = suiteOf(key.suite);
  const commitments: string[] = [];
  for (const [index, piece] of pieces.entries()) {
    commitments.push(b64u(await suite.commitPiece(piece, unb64u(key.kid), index + 1)));
  }
  const files: Bytes[] = [];
  for (const [index, passphrase] of passphrases.entries()) {
    const holder = index + 1;
    const body = {
      v: 1,
      kind: KIND,
      ...named(suite),
      kid: key.kid,
      public: b64u(key.public),
      label,
      holder,
      need: NEED,
      of: HOLDERS.length,
      commitments,
      kdf: freshKdf(),
      nonce: b64u(random(NONCE_BYTES)),
    };
    const cipher = await passphraseCipher(passphrase, body.kdf, "encrypt");
    const secret = concat(...others(holder).map((number) => pieces[number - 1] ?? new Uint8Array(0)));
    const parameters = { name: "AES-GCM", iv: unb64u(body.nonce), additionalData: aad(body) };
    const ct = b64u(new Uint8Array(await crypto.subtle.encrypt(parameters, cipher, secret)));
    secret.fill(0);
    files.push(dumps(exact({ ...body, ct }, members(suite), "holder file", "KEY_FILE")));
  }
  for (const piece of pieces) piece.fill(0);
  return files;
}

function read(data: Bytes): Promise<HolderFile> {
  return readFile(data, members, "holder file");
}

/** The host's public key from a holder file; `openHolding` proves that the file is whole. */
export async function readHolderPublic(data: Bytes): Promise<PublicKey & { readonly holder: number }> {
  const body = await read(data);
  return {
    suite: suiteNamed(body).id,
    public: unb64u(body.public),
    kid: body.kid,
    label: body.label,
    holder: body.holder,
  };
}

/** Opens one holder file and checks its pieces against the public commitments. */
export async function openHolding(data: Bytes, passphrase: string): Promise<Holding> {
  const body = await read(data);
  const suite = suiteNamed(body);
  const cipher = await passphraseCipher(passphrase, body.kdf, "decrypt");
  let both: Bytes;
  try {
    const parameters = { name: "AES-GCM", iv: unb64u(body.nonce), additionalData: aad(body) };
    both = new Uint8Array(await crypto.subtle.decrypt(parameters, cipher, unb64u(body.ct)));
  } catch {
    throw new SealingError("PASSPHRASE", "the passphrase does not open this file");
  }
  const pieces = new Map<number, Bytes>();
  for (const [place, number] of others(body.holder).entries()) {
    const piece = both.slice(place * PIECE_BYTES, (place + 1) * PIECE_BYTES);
    if (b64u(await suite.commitPiece(piece, unb64u(body.kid), number)) !== body.commitments[number - 1]) {
      throw new SealingError("COMMITMENT", `piece ${number}`);
    }
    pieces.set(number, piece);
  }
  return {
    holder: body.holder,
    suite: suite.id,
    kid: body.kid,
    public: unb64u(body.public),
    commitments: body.commitments,
    pieces,
  };
}

/** Rebuilds the host key from two holdings of one split. */
export async function combine(one: Holding, other: Holding): Promise<OpeningKey> {
  const same = one.suite === other.suite && one.kid === other.kid && equal(one.public, other.public);
  if (!same || one.commitments.join() !== other.commitments.join()) {
    throw new SealingError("KEY_FILE", "the files come from different keys or splits");
  }
  if (one.holder === other.holder) throw new SealingError("KEY_FILE", "the same holder twice");
  const pieces = new Map([...one.pieces, ...other.pieces]);
  const [first, second, third] = HOLDERS.map((number) => pieces.get(number));
  if (!first || !second || !third) throw new SealingError("KEY_FILE", "a piece is missing");
  const key = await rawKey(xor(first, second, third), suiteOf(one.suite));
  if (!equal(key.public, one.public)) throw new SealingError("KEY_FILE", "the pieces do not make the published key");
  return guard(key);
}
