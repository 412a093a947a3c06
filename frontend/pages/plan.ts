/** What a sealing page says of the lot, and the context the server hands out for a new bid. */

import { type LogKey, readLogKey } from "../sealing/checkpoint";
import { b64u, unb64u } from "../sealing/encoding";
import { SealingError } from "../sealing/errors";
import { type Context, readContext } from "../sealing/header";
import type { TenderFacts } from "../sealing/facts";
import { suiteOf } from "../sealing/suites";
import { postAct } from "../signing/act";
import { fact } from "../ui/dom";
import { checkPin } from "./host-pin";

export interface LotFacts {
  readonly lot: string;
  readonly host: TenderFacts["host"];
  readonly docVersion: number;
  readonly deadline: number;
  readonly logKey: LogKey;
}

/** Reads and checks the attributes of a sealing page; refuses a host key that is not the pinned one. */
export async function lotFacts(module: HTMLElement): Promise<LotFacts> {
  const lot = fact(module, "lot");
  const suite = suiteOf(fact(module, "hostSuite"));
  const publicKey = unb64u(fact(module, "hostPublic"), suite.publicBytes);
  const kid = b64u(await suite.kid(publicKey));
  if (kid !== fact(module, "hostKid")) throw new SealingError("KEY_FILE", "host key: kid");
  await checkPin(lot, kid);
  return {
    lot,
    host: { suite: suite.id, kid, public: publicKey },
    docVersion: Number(fact(module, "docVersion")),
    deadline: Date.parse(fact(module, "deadline")),
    logKey: await readLogKey(fact(module, "logKey")),
  };
}

/** A fresh context to seal with, and the version of the documents that is in force now. */
export interface Begun {
  readonly context: Context;
  readonly inForce: number;
}

/** Begins a bid; the context must be for this lot and envelope. */
export async function beginBid(module: HTMLElement): Promise<Begun> {
  const reply = await postAct(fact(module, "begin"), {});
  const context = readContext(reply["context"]);
  if (context.lot !== fact(module, "lot") || context.envelope !== fact(module, "envelope")) {
    throw new SealingError("WRONG_CONTEXT", "the context is for another lot");
  }
  return { context, inForce: Number(reply["doc_version"]) };
}
