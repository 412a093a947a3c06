/** Showing what was found as a list of names and values. */

import { element, icon, maybePart } from "../ui/dom";
import { type Facts, type Words, say } from "../ui/words";

export type Row = readonly [name: Words, value: string];

function listed(rows: readonly Row[]): HTMLElement {
  const pairs = rows.flatMap(([name, value]) => [element("dt", "", say(name)), element("dd", "mono", value)]);
  return element("dl", "facts", ...pairs);
}

/** Says that something is done or found, with its particulars below. */
export function tellFound(within: ParentNode, title: Words, rows: readonly Row[], facts: Facts = {}): void {
  const words = element("div", "", element("p", "panel__title", say(title, facts)), listed(rows));
  maybePart(within, "status")?.replaceChildren(element("div", "panel panel--done", icon("circle-check"), words));
}
