/**
 * `[data-hp=release]`: the bidder's one click in the decryption window.
 *
 * Unboxes the bidder's share of the sealed bid, or takes it from a share file that was made
 * elsewhere; checks it against its commitment and posts it, signed. The private key never leaves
 * the browser, and with a share file it never comes here.
 */

import { b64u, unb64u } from "../sealing/encoding";
import { SealingError } from "../sealing/errors";
import { type Header, boxedShare, checkHeader, parseHeader, readContext } from "../sealing/header";
import { exact, isList, isObject, isText } from "../sealing/shapes";
import { type Share, readShare, release } from "../sealing/shares";
import { fetchJson, postSigned } from "../signing/act";
import { signerFrom } from "../signing/block";
import { actOf } from "../signing/body";
import { fact, need, onPage, part } from "../ui/dom";
import { busily, tell, tellDone } from "../ui/telling";
import { say } from "../ui/words";
import { chosenFile, sealedKey } from "./key-gate";

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
      // Whoever releases has a key of one suite, and it opens no box of another.
      checkHeader(header, { ...readContext(bid.ctx), suite: header.suite.id });
      return header;
    }),
  );
}

/** The share of this bid among those of a share file. */
async function shareFrom(file: HTMLInputElement, header: Header): Promise<Share> {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(await chosenFile(file)));
  } catch (error) {
    throw error instanceof SyntaxError ? new SealingError("MALFORMED", "share file") : error;
  }
  const name = b64u(header.sha256);
  const found = (isList(body) ? body : [body]).find((one) => isObject(one) && one["header_sha256"] === name);
  if (!found) throw new SealingError("WRONG_CONTEXT", "the file holds no share of this bid");
  const share = await readShare(found, header);
  if (share.label !== "bidder") throw new SealingError("WRONG_KEY", "not the bidder's share");
  return share;
}

/** Releases the share of every envelope; a second press releases the same shares again. */
async function releaseAll(module: HTMLElement, button: HTMLButtonElement): Promise<void> {
  const signer = await signerFrom(need('[data-hp="sign-block"]', module));
  const headers = await fetchHeaders(fact(module, "headers"));
  const file = part<HTMLInputElement>(module, "shares");
  const own = async (header: Header): Promise<Share> => {
    if (file.files?.length) return shareFrom(file, header);
    const key = await sealedKey(module, header.context.lot, boxedShare(header, "bidder").kid, button);
    tell(module, say(WORDS.working));
    return release(header, "bidder", key);
  };
  for (const header of headers) {
    const { secret } = await own(header);
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
