/**
 * `[data-hp=host-release]`: two holders open the bids of a lot.
 *
 * Their files make the host key in this page's memory; every host share is unboxed, checked and
 * posted in one signed act. A box that does not open is reported by its code, not left out: it
 * shows that the bidder sealed wrongly.
 */

import { spell } from "../sealing/canonical";
import { b64u } from "../sealing/encoding";
import { SealingError } from "../sealing/errors";
import type { Header } from "../sealing/header";
import type { OpeningKey } from "../sealing/keys";
import { release } from "../sealing/shares";
import { combine, openHolding } from "../sealing/splitting";
import { postAct } from "../signing/act";
import { signerFrom } from "../signing/block";
import { actOf } from "../signing/body";
import { all, fact, need, onPage, part } from "../ui/dom";
import { busily, tell } from "../ui/telling";
import { say } from "../ui/words";
import { chosenFile } from "./key-gate";
import { fetchHeaders } from "./release";

const WORDS = {
  working: { zh: "正在解密，{done} / {count}", en: "Opening, {done} of {count}" },
  done: { zh: "招标人解密完成：成功 {opened}，失败 {failed}", en: "Host release done: {opened} opened, {failed} failed" },
} as const;

interface Outcome {
  readonly bid: string;
  readonly header_sha256: string;
  readonly share: string | null;
  readonly failure: string | null;
}

async function hostKey(module: HTMLElement): Promise<OpeningKey> {
  const [one, other] = await Promise.all(
    all("[data-holder]", module).map(async (box) => {
      const words = part<HTMLInputElement>(box, "passphrase");
      const holding = await openHolding(await chosenFile(part<HTMLInputElement>(box, "file")), words.value);
      words.value = "";
      return holding;
    }),
  );
  if (!one || !other) throw new SealingError("KEY_FILE", "two holder files are needed");
  const key = await combine(one, other);
  if (key.kid !== fact(module, "kid")) throw new SealingError("WRONG_KEY", "the key of another tender");
  return key;
}

async function unboxOne(header: Header, key: OpeningKey): Promise<Outcome> {
  const named = { bid: header.context.bid, header_sha256: b64u(header.sha256) };
  try {
    const { secret } = await release(header, "host", key);
    return { ...named, share: b64u(secret), failure: null };
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    return { ...named, share: null, failure: error.code };
  }
}

async function releaseAll(module: HTMLElement): Promise<void> {
  const signer = await signerFrom(need('[data-hp="sign-block"]', module));
  const key = await hostKey(module);
  const headers = await fetchHeaders(fact(module, "headers"));
  const outcomes: Outcome[] = [];
  for (const header of headers) {
    outcomes.push(await unboxOne(header, key));
    tell(module, say(WORDS.working, { done: outcomes.length, count: headers.length }));
  }
  await postAct({
    url: fact(module, "url"),
    name: actOf(module),
    purpose: "host-release",
    command: crypto.randomUUID(),
    signer,
    fields: { shares: spell(outcomes) },
  });
  const failed = outcomes.filter((one) => one.failure).length;
  tell(module, say(WORDS.done, { opened: outcomes.length - failed, failed }));
  module.dataset["state"] = "released";
  module.dispatchEvent(new CustomEvent("hp:released", { bubbles: true }));
}

export function startHostRelease(): void {
  onPage("host-release", (module) => {
    const button = part<HTMLButtonElement>(module, "start");
    button.addEventListener("click", () => void busily(module, button, () => releaseAll(module)));
  });
}
