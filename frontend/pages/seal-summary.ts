/** What is about to be sealed, for a last look: read from the draft on this machine, sent nowhere. */

import type { Draft } from "../sealing/drafts";
import { element, icon, part } from "../ui/dom";
import { parseYuan, uppercase, yuan } from "../ui/money";
import { size } from "./sizes";

/** Fills `[data-part=summary]` and shows it. */
export function drawSummary(module: HTMLElement, { fields, files }: Draft): void {
  const place = part(module, "summary");
  const fen = parseYuan(fields["price"] ?? "") ?? 0n;
  const facts: Readonly<Record<string, string>> = {
    price: `¥${yuan(fen)}`,
    words: uppercase(fen),
    days: fields["duration_days"] ?? "",
    quality: fields["quality"] ?? "",
    manager: fields["manager"] ?? "",
  };
  for (const [name, text] of Object.entries(facts)) part(place, `sum-${name}`).textContent = text;
  part(place, "sum-files").replaceChildren(
    ...files.map((file) => element("li", "", icon("file-text"), ` ${file.name} `, element("span", "muted small", size(file.size)))),
  );
  place.hidden = false;
}
