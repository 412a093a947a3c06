/** The suites by id, and every name, commitment, box and key of a sealed bid, byte for byte as SPEC.md §2.2. */

import type { Algorithms, Held, SegmentCipher } from "./algorithms";
import { type Bytes, concat, u32, u8, utf8 } from "./bytes";
import { SealingError } from "./errors";
import { readBox } from "./sm2-box";
import { algorithms as suiteOne } from "./suite-1";

export const SUITE_IDS = ["1", "2", "GM-1"] as const;
export type SuiteId = (typeof SUITE_IDS)[number];
export const SHARE_BYTES = 32;
export const SECRET_BYTES = 32;
export const LABELS = ["bidder", "host"] as const;
export type Label = (typeof LABELS)[number];

const KID_BYTES = 16;
const ZERO = u8(0);

export interface ContentKeys {
  readonly commitment: Bytes;
  readonly parts: readonly Bytes[];
}

interface Outline {
  readonly publicBytes: number;
  readonly isBox: (boxed: Bytes) => boolean;
  readonly load: () => Promise<Algorithms>;
}

/** One choice of algorithms. Every derivation names the suite, so no value serves in two. */
export class Suite {
  constructor(
    readonly id: SuiteId,
    private readonly outline: Outline,
  ) {}

  get publicBytes(): number {
    return this.outline.publicBytes;
  }

  /** Whether these bytes have the outer form of a box with a share in it. */
  isBox(boxed: Bytes): boolean {
    return this.outline.isBox(boxed);
  }

  load(): Promise<Algorithms> {
    return this.outline.load();
  }

  async kid(publicKey: Bytes): Promise<Bytes> {
    return (await this.#digest("kid", publicKey)).slice(0, KID_BYTES);
  }

  commit(share: Bytes, label: string, ctxh: Bytes): Promise<Bytes> {
    return this.#digest("commit", utf8(label), ZERO, ctxh, share);
  }

  commitPart(key: Bytes, index: number, ctxh: Bytes): Promise<Bytes> {
    return this.#digest("part-commit", u32(index), ctxh, key);
  }

  commitPiece(piece: Bytes, kid: Bytes, number: number): Promise<Bytes> {
    return this.#digest("piece", kid, u8(number), piece);
  }

  /** A share boxed to the holder of `publicKey`. */
  async box(share: Bytes, publicKey: Bytes, label: string, ctxh: Bytes): Promise<Bytes> {
    const algorithms = await this.load();
    const info = await this.#boxInfo(publicKey, label, ctxh);
    try {
      return await algorithms.seal(share, publicKey, info);
    } catch {
      // An all-zero or low-order public key makes a shared secret that everybody knows.
      throw new SealingError("MALFORMED", `${label} public key is not usable`);
    }
  }

  /** The share in a box; the caller has compared suite and kid. */
  async unbox(boxed: Bytes, held: Held, publicKey: Bytes, label: string, ctxh: Bytes): Promise<Bytes> {
    const algorithms = await this.load();
    const info = await this.#boxInfo(publicKey, label, ctxh);
    let share: Bytes;
    try {
      share = await algorithms.open(boxed, held, info);
    } catch {
      throw new SealingError("WRONG_KEY", `the ${label} box does not open`);
    }
    if (share.length !== SHARE_BYTES) throw new SealingError("MALFORMED", `the ${label} box holds ${share.length} bytes`);
    return share;
  }

  /** The key commitment and the part keys, from both shares. */
  async contentKeys(bidder: Bytes, host: Bytes, ctxh: Bytes, parts: number): Promise<ContentKeys> {
    const { hkdf } = await this.load();
    const content = await hkdf(concat(bidder, host), concat(this.#tag("cek"), ctxh));
    return {
      commitment: await hkdf(content, concat(this.#tag("kc"), ctxh)),
      parts: await Promise.all(
        Array.from({ length: parts }, (_, index) => hkdf(content, concat(this.#tag("part"), u32(index), ctxh))),
      ),
    };
  }

  /** The cipher of one part's segments. */
  async cipher(key: Bytes, salt: Bytes, aad: Bytes): Promise<SegmentCipher> {
    return (await this.load()).cipher(key, salt, aad);
  }

  /** Suite 1 was frozen before there were others; its tags name no suite. */
  #tag(use: string): Bytes {
    return utf8(`ggzy-bid/1${this.id === "1" ? "" : `/${this.id}`} ${use}\0`);
  }

  async #digest(use: string, ...pieces: readonly Bytes[]): Promise<Bytes> {
    return (await this.load()).digest(this.#tag(use), ...pieces);
  }

  async #boxInfo(publicKey: Bytes, label: string, ctxh: Bytes): Promise<Bytes> {
    return concat(this.#tag("share"), utf8(label), ZERO, await this.kid(publicKey), ZERO, ctxh);
  }
}

const SUITES: Readonly<Record<SuiteId, Suite>> = {
  "1": new Suite("1", {
    publicBytes: 32,
    isBox: (boxed) => boxed.length === 80,
    load: async () => suiteOne,
  }),
  "2": new Suite("2", {
    publicBytes: 1216,
    isBox: (boxed) => boxed.length === 1168,
    load: async () => (await import("./suite-2")).algorithms,
  }),
  "GM-1": new Suite("GM-1", {
    publicBytes: 65,
    isBox: (boxed) => readBox(boxed) !== null,
    load: async () => (await import("./suite-gm")).algorithms,
  }),
};

export const DEFAULT = SUITES["1"];

/** The suite of this id; there is no negotiation and no nearest one. */
export function suiteOf(id: unknown): Suite {
  const known = SUITE_IDS.find((one) => one === id);
  if (known === undefined) throw new SealingError("UNKNOWN_SUITE", String(id).slice(0, 40));
  return SUITES[known];
}
