/**
 * `[data-hp=host-release]`: two holders open the bids of a lot.
 *
 * Their files make the host key in this page's memory; every host share is unboxed, checked and
 * posted in one signed act. A box that does not open is named, not left out: it shows that the
 * bidder sealed wrongly.
 */

import { spell } from "../sealing/canonical";
import { b64u } from "../sealing/encoding";
import { SealingError } from "../sealing/errors";
import { release } from "../sealing/shares";
import { postSigned } from "../signing/act";
import { signerFrom } from "../signing/block";
import { actOf } from "../signing/body";
import { fact, need, onPage, part } from "../ui/dom";
import { busily, tell, tellDone } from "../ui/telling";
import { say } from "../ui/words";
import { heldKey } from "./holders";
import { fetchHeaders } from "./release";

const WORDS = {
  working: { zh: "正在解密，{done} / {count}", en: "Opening, {done} of {count}" },
  done: { zh: "招标人解密完成：成功 {opened}，失败 {failed}", en: "Host release done: {opened} opened, {failed} failed" },
} as const;

async function releaseAll(module: HTMLElement): Promise<void> {
  const signer = await signerFrom(need('[data-hp="sign-block"]', module));
  const key = await heldKey(module);
  const headers = await fetchHeaders(fact(module, "headers"));
  const shares: Record<string, string> = {};
  const unboxable: string[] = [];
  for (const [index, header] of headers.entries()) {
    const { bid } = header.context;
    try {
      shares[bid] = b64u((await release(header, "host", key)).secret);
    } catch (error) {
      if (!(error instanceof SealingError)) throw error;
      unboxable.push(bid);
    }
    tell(module, say(WORDS.working, { done: index + 1, count: headers.length }));
  }
  await postSigned({
    url: fact(module, "url"),
    name: actOf(module),
    purpose: "host-release",
    command: crypto.randomUUID(),
    signer,
    fields: { shares: spell(shares), unboxable: spell(unboxable) },
  });
  tellDone(module, say(WORDS.done, { opened: headers.length - unboxable.length, failed: unboxable.length }));
  module.dataset["state"] = "released";
  module.dispatchEvent(new CustomEvent("hp:released", { bubbles: true }));
}

export function startHostRelease(): void {
  onPage("host-release", (module) => {
    const button = part<HTMLButtonElement>(module, "start");
    button.addEventListener("click", () => void busily(module, button, () => releaseAll(module)));
  });
}
