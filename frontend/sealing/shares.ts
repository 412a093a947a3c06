/** Releasing a share and checking it: SPEC.md §2.2 and §5. */

import { type Bytes, equal } from "./bytes";
import { dumps } from "./canonical";
import { b64u, unb64u } from "./encoding";
import { SealingError } from "./errors";
import { type Header, boxedShare } from "./header";
import { type OpeningKey, unbox } from "./keys";
import { among, exact, isHash, octets, same } from "./shapes";
import { LABELS, type Label, SHARE_BYTES } from "./suites";

const KIND = "ggzy-share";
const MEMBERS = {
  v: same(1),
  kind: same(KIND),
  header_sha256: isHash,
  label: among(...LABELS),
  share: octets(SHARE_BYTES),
};

export interface Share {
  readonly label: Label;
  readonly secret: Bytes;
}

/** Unboxes the share that is addressed to this key and checks it against its commitment. */
export async function release(header: Header, label: Label, key: OpeningKey): Promise<Share> {
  const boxed = boxedShare(header, label);
  if (key.suite !== header.suite.id || boxed.kid !== key.kid) {
    throw new SealingError("WRONG_KEY", `sealed to another ${label} key`);
  }
  const share = { label, secret: await unbox(key, boxed.box, label, header.ctxh) };
  await checkShare(header, share);
  return share;
}

/** Refuses a share that does not meet the header's commitment. */
export async function checkShare(header: Header, share: Share): Promise<void> {
  const made = await header.suite.commit(share.secret, share.label, header.ctxh);
  if (!equal(made, boxedShare(header, share.label).commitment)) {
    throw new SealingError("COMMITMENT", `${share.label} share`);
  }
}

export async function verifyShare(header: Header, share: Share): Promise<boolean> {
  try {
    await checkShare(header, share);
    return true;
  } catch (error) {
    if (error instanceof SealingError) return false;
    throw error;
  }
}

/** The part keys; every commitment is checked, and no one share is enough. */
export async function keysFrom(header: Header, shares: readonly Share[]): Promise<readonly Bytes[]> {
  const bidder = shares.find((share) => share.label === "bidder");
  const host = shares.find((share) => share.label === "host");
  if (!bidder || !host) throw new SealingError("COMMITMENT", "the bidder's and the host's share are both needed");
  await checkShare(header, bidder);
  await checkShare(header, host);
  const keys = await header.suite.contentKeys(bidder.secret, host.secret, header.ctxh, header.parts.length);
  if (!equal(keys.commitment, header.commitment)) throw new SealingError("COMMITMENT", "content key");
  for (const [index, key] of keys.parts.entries()) await checkPartKey(header, key, index);
  return keys.parts;
}

/** Refuses a part key that does not meet the header's commitment. */
export async function checkPartKey(header: Header, key: Bytes, index: number): Promise<void> {
  const part = header.parts[index];
  if (!part || !equal(await header.suite.commitPart(key, index, header.ctxh), part.commitment)) {
    throw new SealingError("COMMITMENT", `key of part ${index}`);
  }
}

/** A released share for the way to the server. */
export function writeShare(share: Share, header: Header): Bytes {
  return dumps({
    v: 1,
    kind: KIND,
    header_sha256: b64u(header.sha256),
    label: share.label,
    share: b64u(share.secret),
  });
}

/** Reads a released share that must belong to this header, and checks it. */
export async function readShare(body: unknown, header: Header): Promise<Share> {
  const members = exact(body, MEMBERS, "share");
  if (members.header_sha256 !== b64u(header.sha256)) {
    throw new SealingError("WRONG_CONTEXT", "the share belongs to another sealed bid");
  }
  const share = { label: members.label, secret: unb64u(members.share) };
  await checkShare(header, share);
  return share;
}
