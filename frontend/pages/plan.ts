/** What the server tells a sealing page: the context of the bid, the keys, where to send it. */

import { type Context, readContext } from "../sealing/header";
import type { Bytes } from "../sealing/bytes";
import { type LogKey, readLogKey } from "../sealing/checkpoint";
import { b64u, unb64u } from "../sealing/encoding";
import { SealingError } from "../sealing/errors";
import { type Shaped, exact, isKid, isMoment, isObject, isText, octets, whole } from "../sealing/shapes";
import { kidOf } from "../sealing/suites";
import type { ActName } from "../signing/body";
import { checkPin } from "./host-pin";

const KEY = { kid: isKid, public: octets(32) };
const PLAN = {
  ctx: isObject,
  host: isObject,
  bidder: isObject,
  doc_version: whole(),
  deadline_at: isMoment,
  log_key: isText,
  uploads: isText,
  finalise: isText,
  act: isText,
  args: isObject,
};

export interface Plan {
  readonly context: Context;
  readonly host: Bytes;
  readonly bidder: Bytes;
  readonly bidderKid: string;
  readonly hostKid: string;
  readonly docVersion: number;
  readonly deadline: number;
  readonly logKey: LogKey;
  readonly uploads: string;
  readonly finalise: string;
  readonly name: ActName;
}

async function key(value: unknown, what: string): Promise<Shaped<typeof KEY>> {
  const found = exact(value, KEY, what);
  if (b64u(await kidOf(unb64u(found.public))) !== found.kid) throw new SealingError("MALFORMED", `${what}: kid`);
  return found;
}

export async function readPlan(body: unknown): Promise<Plan> {
  const plan = exact(body, PLAN, "plan");
  const context = readContext(plan.ctx);
  const host = await key(plan.host, "host key");
  const bidder = await key(plan.bidder, "bidder key");
  await checkPin(context.lot, host.kid);
  return {
    context,
    host: unb64u(host.public),
    hostKid: host.kid,
    bidder: unb64u(bidder.public),
    bidderKid: bidder.kid,
    docVersion: plan.doc_version,
    deadline: Date.parse(plan.deadline_at),
    logKey: await readLogKey(plan.log_key),
    uploads: plan.uploads,
    finalise: plan.finalise,
    name: { act: plan.act, args: plan.args as Readonly<Record<string, string>> },
  };
}
