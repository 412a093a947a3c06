/** Brings the workbench to life: where one is, what is shown of it, what a key or press does. */

import { element, fact, need, part } from "../ui/dom";
import { say } from "../ui/words";
import { hints } from "./hints";
import { lettersOn, setLetters, startKeys } from "./keys";
import { Reader } from "./reader";
import { Saving } from "./saving";
import { Sheet, stepped, takes, type State } from "./sheet";

const WORDS = {
  range: { zh: "0–{max}，步长 {step}", en: "0–{max} in steps of {step}" },
  free: { zh: "0–{max}", en: "0–{max}" },
  bad: { zh: "分值应在 0 到 {max} 之间，并符合步长", en: "A score lies between 0 and {max}, on a step" },
  kept: { zh: "这一项已有分，不能留空；可以改为其他分值", en: "This has a score and cannot be left blank; you may change it" },
  reason: { zh: "先填写分值，理由才能保存", en: "Enter the score first; then the reason can be saved" },
  blank: { zh: "未评", en: "blank" },
  disputed: { zh: "不一致，请核对", en: "Differs; please check" },
  objective: { zh: "客观", en: "fact" },
  cited: { zh: "已引用第 {page} 页", en: "Page {page} cited" },
  cite: { zh: "引用当前页", en: "Cite this page" },
  first: { zh: "先填写分值，再引用页码", en: "Enter the score first, then cite the page" },
  full: { zh: "全部评完，请核对并锁定", en: "Every cell is filled; check and lock" },
} as const;

// After so many milliseconds without a key, what was typed is kept.
const PAUSE = 1000;

export function startWorkbench(root: HTMLElement): void {
  const state = JSON.parse(need("#workbench-state", root).textContent ?? "{}") as State;
  const sheet = new Sheet(state);
  if (sheet.total > 0) new Bench(root, sheet);
}

class Bench {
  readonly #reader: Reader;
  readonly #saving: Saving;
  readonly #value: HTMLInputElement;
  readonly #note: HTMLTextAreaElement;
  #pause = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly sheet: Sheet,
  ) {
    this.#value = part(root, "value");
    this.#note = part(root, "note");
    this.#saving = new Saving(fact(root, "save"), fact(root, "csrf"), (text) => {
      part(root, "saved").textContent = text;
    });
    this.#reader = new Reader(root);
    this.#listen();
    this.#drawTree();
    this.#drawStrip();
    this.#show();
  }

  #listen(): void {
    const { root, sheet } = this;
    const press = (name: string, run: () => void): void => part(root, name).addEventListener("click", run);
    const bid = (by: number): void => this.#leave(() => sheet.moveBid(by));
    const leaf = (by: number): void => this.#leave(() => sheet.moveLeaf(by));
    const reader = this.#reader;
    const letters = part<HTMLInputElement>(root, "letters");
    press("bid-back", () => bid(-1));
    press("bid-next", () => bid(1));
    press("cite", () => this.#cite());
    press("next", () => this.#next());
    press("blank", () => this.#blank());
    this.#value.addEventListener("change", () => this.#keep());
    this.#note.addEventListener("change", () => this.#keep());
    for (const field of [this.#value, this.#note]) field.addEventListener("input", () => this.#typed());
    letters.checked = lettersOn();
    letters.addEventListener("change", () => setLetters(letters.checked));
    startKeys(
      {
        Enter: () => this.#blank(),
        ArrowUp: () => this.#step(true),
        ArrowDown: () => this.#step(false),
        j: () => bid(1),
        k: () => bid(-1),
        n: () => leaf(1),
        p: () => leaf(-1),
        "[": () => reader.turn(-1),
        "]": () => reader.turn(1),
        "+": () => reader.zoom(true),
        "=": () => reader.zoom(true),
        "-": () => reader.zoom(false),
        f: () => reader.fit(),
        "/": () => reader.search(),
        b: () => reader.bookmark(),
        e: () => this.#cite(),
        g: () => this.#blank(),
        "?": () => need<HTMLDialogElement>("#keys", root).showModal(),
      },
      this.#value,
    );
  }

  /** Keeps what was typed, then goes elsewhere; a score out of range holds one where one is. */
  #leave(go: () => void): void {
    if (!this.#keep()) return;
    go();
    this.#show();
    this.#value.focus();
    this.#value.select();
  }

  #next(): void {
    this.#leave(() => this.sheet.advance());
  }

  #blank(): void {
    this.#leave(() => {
      if (!this.sheet.toBlank()) part(this.root, "saved").textContent = say(WORDS.full);
    });
  }

  #step(up: boolean): void {
    this.#value.value = stepped(this.sheet.leaf, this.#value.value.trim(), up);
    this.#keep();
  }

  /** Takes back what was said of the last try, and keeps a good score when the typing pauses. */
  #typed(): void {
    this.#refuse("");
    clearTimeout(this.#pause);
    this.#pause = window.setTimeout(() => {
      if (takes(this.sheet.leaf, this.#value.value.trim())) this.#keep();
    }, PAUSE);
  }

  /** Why what stands in the fields cannot be kept; nothing where it can, or where nothing stands. */
  #fault(value: string): string {
    const { sheet } = this;
    if (value) return takes(sheet.leaf, value) ? "" : say(WORDS.bad, { max: sheet.leaf.max });
    if (sheet.cell()) return say(WORDS.kept);
    return this.#note.value.trim() ? say(WORDS.reason) : "";
  }

  #keep(cited: { file: string | null; page: number | null } | undefined = this.sheet.cell()): boolean {
    const { sheet } = this;
    clearTimeout(this.#pause);
    const value = this.#value.value.trim();
    const fault = this.#fault(value);
    this.#refuse(fault);
    if (fault || !value) return !fault;
    const cell = { value, note: this.#note.value, file: cited?.file ?? null, page: cited?.page ?? null };
    const before = sheet.cell();
    const same = (name: keyof typeof cell): boolean => before?.[name] === cell[name];
    if (same("value") && same("note") && same("file") && same("page")) return true;
    sheet.put(cell);
    this.#saving.put(sheet.bid.bid, sheet.leaf.key, cell);
    this.#showProgress();
    return true;
  }

  /** Says beside the score why it was not taken; nothing for one that was. */
  #refuse(why: string): void {
    const error = part(this.root, "value-error");
    error.hidden = why === "";
    error.textContent = why;
    this.#value.setAttribute("aria-invalid", String(why !== ""));
  }

  #cite(): void {
    const { page, file } = this.#reader;
    if (page === null || file === null) return;
    if (!this.#value.value.trim()) this.#refuse(say(WORDS.first));
    else if (this.#keep({ file: file.id, page })) this.#showCited();
  }

  /** The strip's buttons stay: one that is put anew under the pointer loses its click. */
  #drawStrip(): void {
    const { sheet } = this;
    const rows = sheet.bids.map((bid, at) => {
      const button = element("button", "", element("span", "", bid.name), element("span", ""));
      button.type = "button";
      button.addEventListener("click", () => this.#leave(() => void (sheet.bidAt = at)));
      return element("li", "", button);
    });
    part(this.root, "strip").append(...rows);
  }

  #drawTree(): void {
    const tree = part(this.root, "tree");
    for (const row of this.sheet.criteria) {
      const at = this.sheet.leaves.indexOf(row);
      if (at < 0) {
        tree.append(element("li", "is-group", `${row.title} ${row.max}`));
        continue;
      }
      const kind = row.kind === "objective" ? ` · ${say(WORDS.objective)}` : "";
      const button = element("button", "", row.title + kind, element("span", "small muted"));
      button.type = "button";
      button.addEventListener("click", () => this.#leave(() => void (this.sheet.leafAt = at)));
      tree.append(element("li", "", button));
    }
  }

  #show(): void {
    const { root, sheet } = this;
    const { leaf, bid } = sheet;
    const cell = sheet.cell();
    part(root, "bid-name").textContent = bid.name;
    part(root, "leaf-title").textContent = leaf.title;
    part(root, "leaf-standard").textContent = leaf.standard;
    part(root, "range").textContent = leaf.step
      ? say(WORDS.range, { max: leaf.max, step: leaf.step })
      : say(WORDS.free, { max: leaf.max });
    this.#value.value = cell?.value ?? "";
    this.#note.value = cell?.note ?? "";
    this.#refuse(sheet.disputed() ? say(WORDS.disputed) : "");
    part(root, "objective").hidden = leaf.kind !== "objective";
    this.#reader.show(bid.files, cell && cell.page !== null ? { file: cell.file, page: cell.page } : null);
    this.#showCited();
    this.#showProgress();
  }

  #showCited(): void {
    const page = this.sheet.cell()?.page ?? null;
    part(this.root, "cite-words").textContent = page === null ? say(WORDS.cite) : say(WORDS.cited, { page });
  }

  #showProgress(): void {
    const { root, sheet } = this;
    part<HTMLProgressElement>(root, "progress").value = sheet.done;
    part(root, "count").textContent = `${sheet.done}/${sheet.total}`;
    const buttons = part(root, "tree").querySelectorAll("button");
    buttons.forEach((button, at) => {
      const leaf = sheet.leaves[at]!;
      button.setAttribute("aria-current", String(at === sheet.leafAt));
      const differs = sheet.bids.some((bid) => sheet.disputed(bid, leaf));
      button.classList.toggle("is-disputed", differs);
      button.lastElementChild!.textContent = ` ${sheet.filled(leaf)}/${sheet.bids.length}`;
    });
    this.#showStrip();
    part(root, "hints").replaceChildren(...hints(sheet).map((text) => element("li", "", text)));
  }

  /** Each bidder with my score on this leaf: what is done, what is blank, where one is. */
  #showStrip(): void {
    const { sheet } = this;
    part(this.root, "strip").querySelectorAll("button").forEach((button, at) => {
      const bid = sheet.bids[at]!;
      const cell = sheet.cell(bid);
      const told = button.lastElementChild!;
      told.textContent = cell ? `✓ ${cell.value}` : say(WORDS.blank);
      told.className = sheet.disputed(bid) ? "is-disputed" : cell ? "is-done" : "muted";
      button.setAttribute("aria-current", String(at === sheet.bidAt));
    });
  }
}
