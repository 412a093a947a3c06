/**
 * The criteria builder: rows instead of JSON, with the sum always in sight.
 *
 * The textarea stays the one field that is sent, so the form works without a script too.
 */

import { onPage, part } from "../ui/dom";
import { say } from "../ui/words";
import { button, choice, labelled, redrawn, takenOver, textArea, textInput } from "./rows";

interface Row {
  key: string;
  title: string;
  max: string;
  kind: string;
  step?: string | null;
  part_of?: string | null;
  standard?: string;
  clause?: string;
}

const WORDS = {
  title: { zh: "评分项", en: "Criterion" },
  max: { zh: "满分", en: "Maximum" },
  step: { zh: "步长", en: "Step" },
  kind: { zh: "类型", en: "Kind" },
  parent: { zh: "属于", en: "Part of" },
  standard: { zh: "评分标准", en: "Standard" },
  judged: { zh: "主观", en: "Judged" },
  objective: { zh: "客观", en: "Objective" },
  price: { zh: "报价", en: "Price" },
  none: { zh: "（顶层）", en: "(top)" },
  add: { zh: "添加评分项", en: "Add a criterion" },
  addPart: { zh: "添加分项", en: "Add a part" },
  remove: { zh: "删除", en: "Remove" },
  up: { zh: "上移", en: "Up" },
  sum: { zh: "合计 {sum} / 100", en: "Sum {sum} of 100" },
  parts: { zh: "分项合计 {sum} / {max}", en: "Parts {sum} of {max}" },
} as const;
const KINDS = ["judged", "objective", "price"] as const;

/** Announced when the rows have changed, for whoever reads the price's weight. */
export const CRITERIA_CHANGED = "hp:criteria";

export function startCriteria(): void {
  onPage("criteria", (box) => {
    const text = takenOver(box, "criteria");
    if (text !== null) new Builder(box, text).start();
  });
}

class Builder {
  #rows: Row[] = [];

  constructor(
    private readonly box: HTMLElement,
    private readonly text: HTMLInputElement | HTMLTextAreaElement,
  ) {}

  start(): void {
    try {
      this.#rows = JSON.parse(this.text.value || "[]") as Row[];
    } catch {
      this.text.closest<HTMLElement>(".field")?.removeAttribute("hidden");
      return;
    }
    this.#draw();
  }

  #draw(): void {
    const add = button(say(WORDS.add), false, () => this.#add(null));
    add.id = "criterion-add";
    redrawn(part(this.box, "rows"), [...this.#rows.map((row, index) => this.#line(row, index)), add]);
    this.#store();
  }

  #store(): void {
    this.text.value = JSON.stringify(this.#rows);
    const total = sum(this.#rows.filter((row) => !row.part_of));
    mark(part<HTMLOutputElement>(this.box, "sum"), say(WORDS.sum, { sum: total / 1000 }), total === 100_000);
    for (const row of this.#rows) {
      const parts = this.#partsOf(row);
      const place = this.box.querySelector<HTMLOutputElement>(`[data-parts="${CSS.escape(row.key)}"]`);
      if (place === null) continue;
      place.hidden = parts.length === 0;
      const told = say(WORDS.parts, { sum: sum(parts) / 1000, max: row.max });
      mark(place, told, sum(parts) === thousandths(row.max));
    }
    this.box.dispatchEvent(new Event(CRITERIA_CHANGED, { bubbles: true }));
  }

  #partsOf(row: Row): Row[] {
    return this.#rows.filter((one) => one.part_of === row.key);
  }

  #line(row: Row, index: number): HTMLElement {
    const made = document.createElement("fieldset");
    made.className = row.part_of ? "criteria-row criteria-row--part" : "criteria-row";
    const legend = document.createElement("legend");
    legend.className = "visually-hidden";
    legend.textContent = row.title || say(WORDS.title);
    const keep = (change: (value: string) => void) => (value: string): void => {
      change(value);
      this.#store();
    };
    const redraw = (change: (value: string) => void) => (value: string): void => {
      change(value);
      this.#draw();
    };
    const id = (name: string): string => `criterion-${index}-${name}`;
    const kinds = KINDS.map((kind): [string, string] => [kind, say(WORDS[kind])]);
    const tops = this.#rows.filter((one) => !one.part_of && one !== row && one.kind !== "price");
    const parents: [string, string][] = [["", say(WORDS.none)], ...tops.map((one): [string, string] => [one.key, one.title])];
    made.append(
      legend,
      labelled(id("title"), say(WORDS.title), textInput(row.title, keep((value) => (row.title = value)))),
      labelled(id("max"), say(WORDS.max), textInput(row.max, keep((value) => (row.max = value)), true)),
      labelled(id("step"), say(WORDS.step), textInput(row.step ?? "", keep((value) => (row.step = value || null)), true)),
      labelled(id("kind"), say(WORDS.kind), choice(row.kind, kinds, redraw((value) => (row.kind = value)))),
      labelled(id("parent"), say(WORDS.parent), choice(row.part_of ?? "", parents, redraw((value) => (row.part_of = value || null)))),
    );
    if (row.kind !== "price" && this.#partsOf(row).length === 0) {
      const standard = textArea(row.standard ?? "", keep((value) => (row.standard = value)));
      made.append(labelled(id("standard"), say(WORDS.standard), standard, "field criteria-row__standard"));
    }
    made.append(this.#buttons(row, index));
    return made;
  }

  #buttons(row: Row, index: number): HTMLElement {
    const made = document.createElement("div");
    made.className = "criteria-row__acts";
    const parts = document.createElement("output");
    parts.className = "chip";
    parts.dataset["parts"] = row.key;
    const up = button(say(WORDS.up), index === 0, () => {
      this.#rows.splice(index - 1, 0, ...this.#rows.splice(index, 1));
      this.#draw();
    });
    const remove = button(say(WORDS.remove), false, () => {
      this.#rows = this.#rows.filter((one) => one !== row && one.part_of !== row.key);
      this.#draw();
      document.getElementById("criterion-add")?.focus();
    });
    made.append(parts);
    if (!row.part_of && row.kind !== "price") made.append(button(say(WORDS.addPart), false, () => this.#add(row)));
    made.append(up, remove);
    for (const one of [up, remove]) {
      const of = document.createElement("span");
      of.className = "visually-hidden";
      of.textContent = ` ${row.title}`;
      one.append(of);
    }
    return made;
  }

  /** A new row at the end, or as the last part of another; its title is typed next. */
  #add(parent: Row | null): void {
    const taken = new Set(this.#rows.map((row) => row.key));
    let number = this.#rows.length + 1;
    while (taken.has(`c${number}`)) number += 1;
    const row: Row = { key: `c${number}`, title: "", max: "", kind: parent?.kind ?? "judged", part_of: parent?.key ?? null };
    const family = parent ? [parent, ...this.#partsOf(parent)] : this.#rows;
    const last = family.at(-1);
    const place = last ? this.#rows.indexOf(last) + 1 : 0;
    this.#rows.splice(place, 0, row);
    this.#draw();
    document.getElementById(`criterion-${place}-title`)?.focus();
  }
}

function mark(place: HTMLOutputElement, words: string, right: boolean): void {
  place.value = words;
  place.classList.toggle("chip--done", right);
  place.classList.toggle("chip--failed", !right);
}

function sum(rows: readonly Row[]): number {
  return rows.reduce((all, row) => all + thousandths(row.max), 0);
}

/** Thousandths of a point as an integer, so that the sum is exact. */
function thousandths(text: string): number {
  return Math.round(Number(text) * 1000) || 0;
}
