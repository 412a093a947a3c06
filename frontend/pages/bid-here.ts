/**
 * `[data-hp=bid-here]`: key and draft lie on the bidder's machine, so only its browser can say that
 * they are there. Steps and tasks are ticked by it, and the next thing to do is chosen.
 *
 * `[data-step]`, `[data-here]`, `[data-away]` and `[data-next]` name `key` or `build`.
 */

import { draftPlace, isDraftReady } from "../store/drafts";
import { recallLotKey } from "../store/opening-keys";
import { all, element, fact, onPage } from "../ui/dom";
import { say } from "../ui/words";

const DONE = { zh: "（已完成）", en: " (done)" } as const;

function tick(module: HTMLElement, code: string): void {
  for (const step of all(`[data-step="${code}"]`, module)) {
    if (step.classList.contains("is-now")) continue;
    step.classList.add("is-done");
    step.firstElementChild?.append(element("span", "visually-hidden", say(DONE)));
  }
  for (const mark of all(`[data-here="${code}"]`, module)) mark.hidden = false;
  for (const mark of all(`[data-away="${code}"]`, module)) mark.hidden = true;
}

async function start(module: HTMLElement): Promise<void> {
  const lot = fact(module, "lot");
  const key = (await recallLotKey(lot)) !== null;
  const draft = await isDraftReady(draftPlace(lot, fact(module, "envelope")));
  if (key) tick(module, "key");
  if (draft) tick(module, "build");
  const next = !key ? "key" : !draft ? "build" : "submit";
  for (const link of all("[data-next]", module)) link.hidden = link.dataset["next"] !== next;
}

export function startBidHere(): void {
  onPage("bid-here", (module) => void start(module));
}
