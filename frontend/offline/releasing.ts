/** `[data-hp=offline-release]`: unboxes the bidder's share of sealed files and saves the share file. */

import { type Json, dumps, loads } from "../sealing/canonical";
import { SealingError } from "../sealing/errors";
import { readHeaderOf } from "../sealing/header";
import { unwrap } from "../sealing/keys";
import { release, writeShare } from "../sealing/shares";
import { givenKey } from "../pages/key-gate";
import { download } from "../ui/download";
import { onPage, part } from "../ui/dom";
import { busily } from "../ui/telling";
import type { Words } from "../ui/words";
import { tellFound } from "./results";

const DONE: Words = { zh: "已解出本方份额，已存为 {name}。", en: "Your share was unboxed and saved as {name}." };
const BID: Words = { zh: "投标编号", en: "Bid" };

/** Nothing is saved unless every share meets its commitment. */
async function releaseAll(module: HTMLElement): Promise<void> {
  const files = [...(part<HTMLInputElement>(module, "sealed").files ?? [])];
  if (!files.length) throw new SealingError("NOT_ENCRYPTED", "no sealed file chosen");
  const passphrase = part<HTMLInputElement>(module, "passphrase");
  const key = await unwrap(await givenKey(part(module, "key"), part(module, "key-pasted")), passphrase.value);
  passphrase.value = "";
  const headers = await Promise.all(files.map(readHeaderOf));
  const shares: Json[] = [];
  for (const header of headers) shares.push(loads(writeShare(await release(header, "bidder", key), header)));
  const bids = headers.map((header) => header.context.bid);
  const name = `${bids[0]?.slice(0, 8)}.share.json`;
  download(dumps(shares), name);
  tellFound(module, DONE, bids.map((bid) => [BID, bid] as const), { name });
  module.dataset["state"] = "released";
}

export function startReleasing(): void {
  onPage("offline-release", (module) => {
    const button = part<HTMLButtonElement>(module, "start");
    button.addEventListener("click", () => void busily(module, button, () => releaseAll(module)));
  });
}
