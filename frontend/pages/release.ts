/**
 * `[data-hp=release]`: the bidder's one click in the decryption window.
 *
 * Unboxes the bidder's share of the sealed bid, checks it against its commitment and posts it,
 * signed. The private key never leaves the browser.
 */

import { b64u, unb64u } from "../sealing/encoding";
import { SealingError } from "../sealing/errors";
import { type Header, boxedShare, checkHeader, parseHeader, readContext } from "../sealing/header";
import { exact, isList, isObject, isText } from "../sealing/shapes";
import { release } from "../sealing/shares";
import { fetchJson, postSigned } from "../signing/act";
import { signerFrom } from "../signing/block";
import { actOf } from "../signing/body";
import { fact, need, onPage, part } from "../ui/dom";
import { busily, tell, tellDone } from "../ui/telling";
import { say } from "../ui/words";
import { sealedKey } from "./key-gate";

const WORDS = {
  working: { zh: "正在解密", en: "Releasing" },
  done: { zh: "解密成功，指纹与回执一致", en: "Released; the fingerprint is that of the receipt" },
} as const;
const REPLY = { bids: isList };
const BID = { ctx: isObject, header: isText };

/** The headers a page asks us to work on, each checked against the context it is said to have. */
export async function fetchHeaders(url: string): Promise<readonly Header[]> {
  const body = await fetchJson(url);
  return Promise.all(
    exact(body, REPLY, "headers").bids.map(async (item) => {
      const bid = exact(item, BID, "bid");
      const header = await parseHeader(unb64u(bid.header));
      checkHeader(header, readContext(bid.ctx));
      return header;
    }),
  );
}

/** Releases the share of every envelope; a second press releases the same shares again. */
async function releaseAll(module: HTMLElement, button: HTMLButtonElement): Promise<void> {
  const signer = await signerFrom(need('[data-hp="sign-block"]', module));
  const headers = await fetchHeaders(fact(module, "headers"));
  for (const header of headers) {
    const key = await sealedKey(module, header.context.lot, boxedShare(header, "bidder").kid, button);
    tell(module, say(WORDS.working));
    const { secret } = await release(header, "bidder", key);
    const reply = await postSigned({
      url: fact(module, "url"),
      name: actOf(module),
      purpose: "release",
      command: crypto.randomUUID(),
      signer,
      fields: { bid: header.context.bid, share: b64u(secret) },
    });
    if (reply["valid"] === false) throw new SealingError("COMMITMENT", "the server refused the share");
  }
  tellDone(module, say(WORDS.done));
  module.dataset["state"] = "released";
  module.dispatchEvent(new CustomEvent("hp:released", { bubbles: true }));
}

export function startRelease(): void {
  onPage("release", (module) => {
    const button = part<HTMLButtonElement>(module, "start");
    button.addEventListener("click", () => void busily(module, button, () => releaseAll(module, button)));
  });
}
