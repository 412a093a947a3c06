/** The clauses an addendum changes: what stood, what stands now; collected into one field. */

import { onPage, part } from "../ui/dom";
import { say } from "../ui/words";
import { button, labelled, redrawn, textArea, textInput } from "./rows";

interface Clause {
  clause: string;
  old: string;
  new: string;
}

const WORDS = {
  clause: { zh: "条款", en: "Clause" },
  old: { zh: "原为", en: "Stood" },
  new: { zh: "改为", en: "Stands now" },
  add: { zh: "添加一处修改", en: "Add a change" },
  remove: { zh: "删除", en: "Remove" },
} as const;

export function startClauses(): void {
  onPage("clauses", (box) => {
    const field = part<HTMLInputElement>(box, "content");
    const known = JSON.parse(box.dataset["known"] ?? "{}") as Record<string, string>;
    const rows: Clause[] = typed(field.value);
    const store = (): void => {
      const told = rows.filter((row) => row.clause && row.new);
      field.value = told.length
        ? JSON.stringify(Object.fromEntries(told.map((row) => [row.clause, { old: row.old, new: row.new }])))
        : "";
    };
    const draw = (): void => {
      const add = button(say(WORDS.add), false, () => {
        rows.push({ clause: "", old: "", new: "" });
        draw();
        document.getElementById(`clause-${rows.length - 1}-clause`)?.focus();
      });
      redrawn(part(box, "rows"), [...rows.map(line), add]);
      store();
    };
    const line = (row: Clause, index: number): HTMLElement => {
      const made = document.createElement("fieldset");
      made.className = "form-row clause-row";
      const legend = document.createElement("legend");
      legend.className = "visually-hidden";
      legend.textContent = `${say(WORDS.clause)} ${index + 1}`;
      const id = (name: string): string => `clause-${index}-${name}`;
      const old = textArea(row.old, (value) => {
        row.old = value;
        store();
      });
      const clause = textInput(row.clause, (value) => {
        row.clause = value;
        // What an earlier addendum said is what stands; nobody has to look it up.
        const stands = known[value];
        old.readOnly = stands !== undefined;
        if (stands !== undefined) old.value = row.old = stands;
        store();
      });
      const now = textArea(row.new, (value) => {
        row.new = value;
        store();
      });
      made.append(
        legend,
        labelled(id("clause"), say(WORDS.clause), clause),
        labelled(id("old"), say(WORDS.old), old),
        labelled(id("new"), say(WORDS.new), now),
        button(say(WORDS.remove), false, () => {
          rows.splice(index, 1);
          draw();
        }),
      );
      return made;
    };
    draw();
  });
}

/** The rows of a form that was refused and came back. */
function typed(text: string): Clause[] {
  if (!text) return [];
  const told = JSON.parse(text) as Record<string, { old?: string; new?: string } | string>;
  return Object.entries(told).map(([clause, words]) =>
    typeof words === "string" ? { clause, old: "", new: words } : { clause, old: words.old ?? "", new: words.new ?? "" },
  );
}
