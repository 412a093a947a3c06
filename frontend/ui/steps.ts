/** Keeps the step of now in sight where a row of steps is wider than its place. */

import { all } from "./dom";

export function startSteps(): void {
  for (const now of all(".steps > [aria-current=step]")) {
    const row = now.parentElement;
    if (!row) continue;
    new ResizeObserver(() => {
      row.scrollLeft = now.offsetLeft - (row.clientWidth - now.offsetWidth) / 2;
    }).observe(row);
  }
}
