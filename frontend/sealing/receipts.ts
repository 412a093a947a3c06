/** Receipts: the platform's signed word that a bid is in, and where in the log. SPEC.md §10. */

import { type Bytes, equal, utf8 } from "./bytes";
import { dumps, loads } from "./canonical";
import { type LogKey, verifyCheckpoint, verifySignature } from "./checkpoint";
import { b64u, unb64u } from "./encoding";
import { SealingError, as } from "./errors";
import { type BidReceived, entryHash, readReceived, verifyProof } from "./log";
import { exact, isHash, isMoment, isObject, isText, nullable, octets, same, whole } from "./shapes";

const MAX_RECEIPT = 65536;
const CLAIMS = {
  v: same(1),
  iss: isText,
  receipt: octets(16),
  issued_at: isMoment,
  entry: isObject,
  salt: octets(32),
  leaf: isHash,
  max_merge_delay_s: whole(),
  checkpoint: nullable(isText),
  proof: nullable(isObject),
  tsa: nullable(isHash),
};

/** What a bidder keeps. Without a proof it is a promise for the next checkpoint. */
export interface Receipt {
  readonly issuer: string;
  readonly id: string;
  readonly issuedAt: string;
  readonly entry: BidReceived;
  readonly leaf: Bytes;
  readonly proven: boolean;
}

/** Reads a receipt and checks signature, entry hash and, where it has one, its own proof. */
export async function verifyReceipt(token: string, key: LogKey): Promise<Receipt> {
  if (token.length > MAX_RECEIPT) throw new SealingError("RECEIPT", "too long");
  const [protectedPart = "", payload = "", signature = "", ...rest] = token.split(".");
  // One header and no other: no algorithm to choose, no key to fetch, nothing critical to miss.
  const wanted = b64u(dumps({ alg: "Ed25519", kid: key.name, typ: "bid-receipt+jws" }));
  if (protectedPart !== wanted || rest.length) throw new SealingError("RECEIPT", "not a receipt signed by this log");
  const signed = as("RECEIPT", () => unb64u(signature));
  await verifySignature(key, signed, utf8(`${protectedPart}.${payload}`), "RECEIPT");
  const claims = as("RECEIPT", () => exact(loads(unb64u(payload)), CLAIMS, "receipt", "RECEIPT"));
  if ((claims.checkpoint === null) !== (claims.proof === null)) {
    throw new SealingError("RECEIPT", "checkpoint and proof come together");
  }
  const entry = as("RECEIPT", () => readReceived(claims.entry));
  const leaf = await entryHash(entry, unb64u(claims.salt));
  if (!equal(leaf, unb64u(claims.leaf))) throw new SealingError("RECEIPT", "the leaf is not the hash of the entry");
  if (claims.iss !== key.origin) throw new SealingError("RECEIPT", "a receipt of another log");
  const receipt = { issuer: claims.iss, id: claims.receipt, issuedAt: claims.issued_at, entry, leaf };
  if (claims.checkpoint === null) return { ...receipt, proven: false };
  await verifyInclusion(receipt, claims.proof, claims.checkpoint, key);
  return { ...receipt, proven: true };
}

/** Checks that a promise was kept. */
export async function verifyInclusion(
  receipt: Pick<Receipt, "leaf">,
  proof: unknown,
  checkpoint: string,
  key: LogKey,
): Promise<void> {
  await verifyProof(proof, receipt.leaf, await verifyCheckpoint(checkpoint, key));
}
