/**
 * The criteria builder: rows instead of JSON, with the sum always in sight.
 *
 * The textarea stays the one field that is sent, so the form works without a script too.
 */

import { onPage, part } from "../ui/dom";
import { say } from "../ui/words";

interface Row {
  key: string;
  title: string;
  max: string;
  kind: string;
  step?: string | null;
  part_of?: string | null;
}

const WORDS = {
  title: { zh: "评分项", en: "Criterion" },
  max: { zh: "满分", en: "Maximum" },
  step: { zh: "步长", en: "Step" },
  kind: { zh: "类型", en: "Kind" },
  parent: { zh: "属于", en: "Part of" },
  judged: { zh: "主观", en: "Judged" },
  objective: { zh: "客观", en: "Objective" },
  price: { zh: "报价", en: "Price" },
  none: { zh: "（顶层）", en: "(top)" },
  add: { zh: "添加评分项", en: "Add a criterion" },
  remove: { zh: "删除", en: "Remove" },
  up: { zh: "上移", en: "Up" },
  sum: { zh: "合计", en: "Sum" },
} as const;
const KINDS = ["judged", "objective", "price"] as const;

export function startCriteria(): void {
  onPage("criteria", (box) => {
    const text = box.querySelector<HTMLTextAreaElement | HTMLInputElement>("[name=criteria]");
    if (text === null) return;
    let rows: Row[];
    try {
      rows = JSON.parse(text.value || "[]") as Row[];
    } catch {
      return;
    }
    const place = part<HTMLElement>(box, "rows");
    const sum = part<HTMLOutputElement>(box, "sum");
    const store = (): void => {
      text.value = JSON.stringify(rows);
      const total = rows.filter((row) => !row.part_of).reduce((all, row) => all + cents(row.max), 0);
      sum.value = `${say(WORDS.sum)} ${(total / 1000).toString()} / 100`;
      sum.classList.toggle("chip--done", total === 100_000);
      sum.classList.toggle("chip--failed", total !== 100_000);
    };
    const draw = (): void => {
      place.replaceChildren(...rows.map((row, index) => line(row, index)), addButton());
      store();
    };
    const line = (row: Row, index: number): HTMLElement => {
      const made = document.createElement("fieldset");
      made.className = "form-row criteria-row";
      const legend = document.createElement("legend");
      legend.className = "visually-hidden";
      legend.textContent = row.title || say(WORDS.title);
      made.append(
        legend,
        field(index, "title", row.title, (value) => (row.title = value)),
        field(index, "max", row.max, (value) => (row.max = value)),
        field(index, "step", row.step ?? "", (value) => (row.step = value || null)),
        choice(index, "kind", row.kind, KINDS.map((kind) => [kind, say(WORDS[kind])]), (value) => (row.kind = value)),
        choice(
          index,
          "parent",
          row.part_of ?? "",
          [["", say(WORDS.none)], ...rows.slice(0, index).filter((one) => !one.part_of).map((one): [string, string] => [one.key, one.title])],
          (value) => (row.part_of = value || null),
        ),
        button(say(WORDS.up), index === 0, () => {
          rows.splice(index - 1, 0, ...rows.splice(index, 1));
          draw();
        }),
        button(say(WORDS.remove), false, () => {
          rows.splice(index, 1);
          draw();
        }),
      );
      return made;
    };
    const field = (index: number, name: "title" | "max" | "step", value: string, set: (value: string) => void): HTMLElement => {
      const input = document.createElement("input");
      input.className = "form-control";
      input.value = value;
      if (name !== "title") input.inputMode = "decimal";
      input.addEventListener("input", () => {
        set(input.value.trim());
        store();
      });
      return labelled(index, name, input);
    };
    const choice = (
      index: number,
      name: "kind" | "parent",
      value: string,
      options: readonly (readonly [string, string])[],
      set: (value: string) => void,
    ): HTMLElement => {
      const select = document.createElement("select");
      select.className = "form-select";
      for (const [code, label] of options) select.add(new Option(label, code, false, code === value));
      select.addEventListener("change", () => {
        set(select.value);
        draw();
      });
      return labelled(index, name, select);
    };
    const labelled = (index: number, name: keyof typeof WORDS, control: HTMLElement): HTMLElement => {
      const made = document.createElement("div");
      made.className = "field";
      control.id = `criterion-${index}-${name}`;
      const label = document.createElement("label");
      label.htmlFor = control.id;
      label.textContent = say(WORDS[name]);
      made.append(label, control);
      return made;
    };
    const addButton = (): HTMLElement =>
      button(say(WORDS.add), false, () => {
        const taken = new Set(rows.map((row) => row.key));
        let number = rows.length + 1;
        while (taken.has(`c${number}`)) number += 1;
        rows.push({ key: `c${number}`, title: "", max: "0", kind: "judged" });
        draw();
      });
    text.closest<HTMLElement>(".field")?.setAttribute("hidden", "");
    draw();
  });
}

function button(words: string, disabled: boolean, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-secondary btn-sm";
  made.textContent = words;
  made.disabled = disabled;
  made.addEventListener("click", act);
  return made;
}

/** Thousandths of a point as an integer, so that the sum is exact. */
function cents(text: string): number {
  return Math.round(Number(text) * 1000) || 0;
}
