/** Collects the purchaser's verdict on each bidder into the one field that is signed. */

import { onPage, part } from "../ui/dom";

export function startReviews(): void {
  onPage("reviews", (form) => {
    const field = part<HTMLInputElement>(form, "reviews");
    const rows = Array.from(form.querySelectorAll<HTMLElement>("[data-bid]"));
    const collect = (): void => {
      field.value = JSON.stringify(
        rows.map((row) => ({
          bid: row.dataset["bid"],
          passed: part<HTMLInputElement>(row, "passed").checked,
          clause: part<HTMLInputElement>(row, "clause").value.trim(),
          fact: part<HTMLInputElement>(row, "fact").value.trim(),
        })),
      );
    };
    form.addEventListener("input", collect);
    collect();
  });
}
