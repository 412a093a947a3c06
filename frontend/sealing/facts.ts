/**
 * Tender facts: what a bid is sealed by where there is no server, one JSON file for the offline
 * page and for `ggzy-bid seal --context`. It names the bid's id, so one file is for one bid.
 */

import type { Bytes } from "./bytes";
import { dumps } from "./canonical";
import { b64u, unb64u } from "./encoding";
import { SealingError } from "./errors";
import { type Context, readContext } from "./header";
import { exact, isKid, isObject, isText, same, someOctets, whole } from "./shapes";
import { DEFAULT, type SuiteId, suiteOf } from "./suites";

const MEMBERS = { ctx: isObject, host: isObject };
/** A file that was written by hand may lack these. */
const MORE = { doc_version: whole(1), log_key: isText };
const HOST = { kid: isKid, public: someOctets };

export interface TenderFacts {
  readonly context: Context;
  readonly host: { readonly suite: SuiteId; readonly kid: string; readonly public: Bytes };
  /** The version of the tender documents the bid answers. */
  readonly docVersion: number;
  /** The line of `log-key.pub`, or nothing. */
  readonly logKey: string;
}

export function writeFacts({ context, host, docVersion, logKey }: TenderFacts): Bytes {
  const suite = host.suite === DEFAULT.id ? {} : { suite: host.suite };
  return dumps({
    ctx: readContext(context),
    host: { kid: host.kid, public: b64u(host.public), ...suite },
    doc_version: docVersion,
    log_key: logKey,
  });
}

function chosen<S extends object>(members: S, body: object): Partial<S> {
  return Object.fromEntries(Object.entries(members).filter(([name]) => Object.hasOwn(body, name))) as Partial<S>;
}

/** Reads the file in any layout; the host key must be the one of its kid. */
export async function readFacts(text: string): Promise<TenderFacts> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new SealingError("MALFORMED", "tender facts: not JSON");
  }
  const body = exact(raw, { ...MEMBERS, ...chosen(MORE, isObject(raw) ? raw : {}) } as typeof MEMBERS, "tender facts");
  const more = body as Partial<{ doc_version: number; log_key: string }>;
  const suite = suiteOf(body.host["suite"] ?? DEFAULT.id);
  const naming = Object.hasOwn(body.host, "suite") ? { suite: same(suite.id) } : {};
  const host = exact(body.host, { ...HOST, ...naming } as typeof HOST, "host");
  const publicKey = unb64u(host.public);
  if (publicKey.length !== suite.publicBytes) throw new SealingError("MALFORMED", "host: public");
  if (b64u(await suite.kid(publicKey)) !== host.kid) {
    throw new SealingError("WRONG_KEY", "the host key is not the one of this kid");
  }
  return {
    context: readContext(body.ctx),
    host: { suite: suite.id, kid: host.kid, public: publicKey },
    docVersion: more.doc_version ?? 1,
    logKey: more.log_key ?? "",
  };
}
