/**
 * Collects the purchaser's verdict on each bidder into the one field that is signed.
 *
 * A form that was refused comes back with the field filled, and the choices are set from it.
 */

import { onPage, part } from "../ui/dom";

interface Review {
  bid: string;
  passed: boolean;
  clause: string;
  fact: string;
}

export function startReviews(): void {
  onPage("reviews", (form) => {
    const field = part<HTMLInputElement>(form, "reviews");
    const rows = Array.from(form.querySelectorAll<HTMLElement>("[data-bid]"));
    restore(field.value, rows);
    const collect = (): void => {
      const told = rows.map(read);
      field.value = JSON.stringify(told);
      for (const [index, row] of rows.entries()) part(row, "grounds").hidden = told[index]?.passed ?? true;
    };
    form.addEventListener("input", collect);
    collect();
  });
}

function read(row: HTMLElement): Review {
  const passed = part<HTMLInputElement>(row, "passed").checked;
  return {
    bid: row.dataset["bid"] ?? "",
    passed,
    clause: passed ? "" : part<HTMLInputElement>(row, "clause").value.trim(),
    fact: passed ? "" : part<HTMLInputElement>(row, "fact").value.trim(),
  };
}

function restore(text: string, rows: readonly HTMLElement[]): void {
  if (!text) return;
  for (const told of JSON.parse(text) as Review[]) {
    const row = rows.find((one) => one.dataset["bid"] === told.bid);
    if (!row) continue;
    part<HTMLInputElement>(row, told.passed ? "passed" : "failed").checked = true;
    part<HTMLInputElement>(row, "clause").value = told.clause;
    part<HTMLInputElement>(row, "fact").value = told.fact;
  }
}
