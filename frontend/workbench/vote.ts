/** `[data-hp=vote]`: the preliminary review of one bid, with its files beside the vote. */

import { need, onPage, part } from "../ui/dom";
import { Reader } from "./reader";
import type { BidFile } from "./sheet";

function startOne(root: HTMLElement): void {
  const files = JSON.parse(need("#vote-files", root).textContent ?? "[]") as readonly BidFile[];
  const page = part<HTMLInputElement>(root, "evidence");
  const reader = new Reader(root);
  reader.show(files, page.value ? { file: null, page: Number(page.value) } : null);
  part(root, "cite").addEventListener("click", () => {
    if (reader.page === null) return;
    page.value = String(reader.page);
    page.focus();
  });
}

export function startVote(): void {
  onPage("vote", startOne);
}
