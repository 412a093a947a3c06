/** A wide table that has a column of now is shown from there, not from eight in the morning. */

import { all } from "./dom";

export function startInView(): void {
  for (const now of all<HTMLTableCellElement>(".table-box thead [aria-current]")) {
    const box = now.closest<HTMLElement>(".table-box");
    const fixed = now.parentElement?.firstElementChild as HTMLElement | null;
    if (box && fixed) box.scrollLeft = now.offsetLeft - fixed.offsetWidth;
  }
}
