/**
 * `[data-hp=bid-build]`: the opening form, the file slots and the standing checklist of a bid.
 *
 * Everything stays on this machine, encrypted under the opening key; nothing is sent.
 */

import { type Draft, type DraftFile, EMPTY, draftFileName, draftKey, dropDraft, saveDraft } from "../sealing/drafts";
import type { Bytes } from "../sealing/bytes";
import type { Json } from "../sealing/canonical";
import type { PartOfBid } from "../sealing/package";
import { suiteOf } from "../sealing/suites";
import { run } from "../sealing/tasks";
import { draftPlace } from "../store/drafts";
import { freeSpace, keepFiles, readFile, removeFile } from "../store/files";
import { all, element, fact, icon, maybePart, onPage, part } from "../ui/dom";
import { tell, tellError } from "../ui/telling";
import { refusal, say } from "../ui/words";
import { type Check, type Rules, checkDraft, fileProblem, mustsOf, rulesOf } from "./bid-checks";
import { lotKey } from "./key-gate";
import { draftUnder } from "./own-draft";
import { size } from "./sizes";

const SAVE_MS = 400;
const WORDS = {
  saved: { zh: "草稿已加密保存在本机", en: "The draft is kept on this machine, encrypted" },
  keeping: { zh: "正在加密保存 {name}", en: "Encrypting {name}" },
  remove: { zh: "移除", en: "Remove" },
  must: { zh: "必须改 {count}", en: "Must fix {count}" },
  should: { zh: "建议看 {count}", en: "Worth a look {count}" },
  ready: { zh: "已就绪 {count}", en: "Ready {count}" },
} as const;
const ICONS = { must: "circle-x", should: "alert-triangle", ready: "check" } as const;

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** A claim's value: `data-kind` is `text` (default), `integer` or `json`; a checkbox is a boolean. */
function claimOf(input: Control): Json {
  if (input instanceof HTMLInputElement && input.type === "checkbox") return input.checked;
  const text = input.value.trim();
  if (input.dataset["kind"] === "integer") return Number.parseInt(text || "0", 10);
  if (input.dataset["kind"] === "json") return JSON.parse(text || "null") as Json;
  return text;
}

class Builder {
  readonly #form: HTMLFormElement;
  readonly #rules: Rules;
  readonly #place: string;
  #secret: Bytes | null = null;
  #files: DraftFile[] = [];
  #timer = 0;
  #turn = 0;
  #saving: Promise<void> = Promise.resolve();

  constructor(private readonly module: HTMLElement) {
    this.#form = part<HTMLFormElement>(module, "form");
    this.#rules = rulesOf(module);
    this.#place = draftPlace(fact(module, "lot"), fact(module, "envelope"));
  }

  async start(): Promise<void> {
    const key = await lotKey(this.module, fact(this.module, "lot"), suiteOf(fact(this.module, "suite")));
    this.#secret = await draftKey(key, fact(this.module, "lot"));
    await keepFiles();
    this.#show((await draftUnder(this.#place, this.#secret)) ?? (await this.#anew()));
    part(this.module, "work").hidden = false;
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("input", () => this.#changed());
    this.#form.addEventListener("change", () => this.#changed());
    for (const slot of all("[data-slot]", this.module)) this.#startSlot(slot);
    this.#review();
  }

  /** The draft was made with another key: waits until somebody lets it go. */
  async #anew(): Promise<Draft> {
    const panel = part(this.module, "stale");
    panel.hidden = false;
    await new Promise((resolve) => part(panel, "anew").addEventListener("click", resolve, { once: true }));
    await dropDraft(this.#place);
    panel.hidden = true;
    return EMPTY;
  }

  #read(): Draft {
    const fields: Record<string, string> = {};
    const claims: Record<string, Json> = {};
    const extra: { label: string; value: string }[] = [];
    for (const input of all<Control>("input, select, textarea", this.#form)) {
      const { claim, extra: column } = input.dataset;
      const radio = input instanceof HTMLInputElement && input.type === "radio";
      if (radio && !input.checked) continue;
      if (claim) claims[claim] = claimOf(input);
      else if (column) extra.push({ label: column, value: input.value.trim() });
      else if (input.name) fields[input.name] = input.value.trim();
    }
    return { fields, claims, extra, files: this.#files };
  }

  #show(draft: Draft): void {
    this.#files = [...draft.files];
    for (const input of all<HTMLInputElement>("input, select, textarea", this.#form)) {
      const { claim, extra: column } = input.dataset;
      const value = claim
        ? draft.claims[claim]
        : column
          ? draft.extra.find((one) => one.label === column)?.value
          : draft.fields[input.name];
      if (value === undefined || value === null) continue;
      if (input.type === "checkbox") input.checked = value === true;
      else if (input.type === "radio") input.checked = input.value === value;
      else input.value = typeof value === "object" ? JSON.stringify(value) : String(value);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    for (const slot of all("[data-slot]", this.module)) this.#list(slot);
  }

  #changed(): void {
    this.#review();
    this.#turn += 1;
    this.module.dataset["state"] = "changed";
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      void this.#save().catch((error: unknown) => tellError(this.module, error));
    }, SAVE_MS);
  }

  /** Keeps the draft as it stands now. `data-state` is `saved` when nothing newer waits. */
  async #save(): Promise<void> {
    const secret = this.#secret;
    if (!secret) return;
    clearTimeout(this.#timer);
    const turn = (this.#turn += 1);
    const draft = this.#read();
    // One after the other: encrypting takes its time, and an older draft must not land last.
    const ready = mustsOf(draft, this.#rules).length === 0;
    this.#saving = this.#saving.catch(() => undefined).then(() => saveDraft(this.#place, secret, draft, ready));
    await this.#saving;
    if (turn !== this.#turn) return;
    this.module.dataset["state"] = "saved";
    const place = maybePart(this.module, "saved");
    if (place) place.textContent = say(WORDS.saved);
  }

  #startSlot(slot: HTMLElement): void {
    const input = part<HTMLInputElement>(slot, "input");
    const take = (files: FileList | null): void => void this.#take(slot, [...(files ?? [])]);
    input.addEventListener("change", () => take(input.files));
    slot.addEventListener("dragover", (event) => event.preventDefault());
    slot.addEventListener("drop", (event) => {
      event.preventDefault();
      take(event.dataTransfer?.files ?? null);
    });
    slot.addEventListener("paste", (event) => take(event.clipboardData?.files ?? null));
    this.#list(slot);
  }

  async #take(slot: HTMLElement, chosen: File[]): Promise<void> {
    const bar = part<HTMLProgressElement>(slot, "progress");
    try {
      for (const file of chosen) {
        const problem = await fileProblem(file);
        if (problem) throw problem;
        await this.#keep(slot, file, bar);
      }
      tell(slot, "");
    } catch (error) {
      tellError(slot, error);
    } finally {
      bar.hidden = true;
      part<HTMLInputElement>(slot, "input").value = "";
    }
  }

  async #keep(slot: HTMLElement, file: File, bar: HTMLProgressElement): Promise<void> {
    if (!this.#secret) return;
    if ((await freeSpace()) < file.size * 2.2) {
      throw refusal(
        "B-291",
        { zh: "本机空间不足", en: "This machine is short of space" },
        { zh: "保存和加密 {name} 需要约 {need}。", en: "Keeping and sealing {name} needs about {need}." },
        { zh: "请清理磁盘后再试。", en: "Free some space and try again." },
        { name: file.name, need: size(file.size * 2.2) },
      );
    }
    tell(slot, say(WORDS.keeping, { name: file.name }));
    bar.hidden = false;
    const id = crypto.randomUUID();
    await run({ task: "keep", file, id, secret: this.#secret }, (done) => (bar.value = done / file.size));
    const name = file.name.normalize("NFC");
    this.#files.push({ id, name, part: fact(slot, "slot") as PartOfBid, size: file.size });
    await this.#save();
    this.#list(slot);
    this.#review();
  }

  #list(slot: HTMLElement): void {
    const mine = this.#files.filter((file) => file.part === fact(slot, "slot"));
    part(slot, "files").replaceChildren(
      ...mine.map((file) => {
        const button = element("button", "btn btn-link btn-sm", icon("trash"), say(WORDS.remove));
        button.type = "button";
        button.setAttribute("aria-label", `${say(WORDS.remove)} ${file.name}`);
        button.addEventListener("click", () => void this.#drop(slot, file));
        const words = element("span", "tasks__what", icon("file-text"), ` ${file.name} `, element("span", "muted small", size(file.size)));
        return element("li", "", words, button);
      }),
    );
  }

  async #drop(slot: HTMLElement, file: DraftFile): Promise<void> {
    this.#files = this.#files.filter((one) => one.id !== file.id);
    await this.#save();
    await removeFile(draftFileName(file.id));
    this.#list(slot);
    this.#review();
  }

  #review(): void {
    const draft = this.#read();
    const checks = checkDraft(draft, this.#rules);
    this.#markFields(draft, checks);
    const count = (level: Check["level"]): number => checks.filter((check) => check.level === level).length;
    part(this.module, "counts").textContent = (["must", "should", "ready"] as const)
      .map((level) => say(WORDS[level], { count: count(level) }))
      .join(" · ");
    part(this.module, "checks").replaceChildren(
      ...checks.map((check) => element("li", `check check--${check.level}`, icon(ICONS[check.level]), ` ${check.text}`)),
    );
    const go = part<HTMLAnchorElement>(this.module, "go");
    go.setAttribute("aria-disabled", String(count("must") > 0));
    this.module.dataset["must"] = String(count("must"));
  }

  /** What is wrong with a filled field stands at the field, too; the money field has its own echo. */
  #markFields({ fields }: Draft, checks: readonly Check[]): void {
    for (const input of all<Control>("[name]", this.#form)) {
      const wrong = checks.find(({ target, level }) => target === input.name && level !== "ready");
      const said = wrong && fields[input.name] ? wrong : null;
      input.setAttribute("aria-invalid", String(said?.level === "must"));
      if (input.dataset["hp"] !== "money") noteOf(input).textContent = said?.text ?? "";
    }
  }
}

/** The line under a field that says what is wrong with it. */
function noteOf(input: Control): HTMLElement {
  const id = `${input.id}_note`;
  const there = document.getElementById(id);
  if (there) return there;
  const note = element("p", "field__echo");
  note.id = id;
  note.setAttribute("aria-live", "polite");
  input.after(note);
  input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
  return note;
}

/** Whether every kept file of a draft is still on this machine. */
export async function filesAreHere(draft: Draft): Promise<boolean> {
  const found = await Promise.all(draft.files.map((file) => readFile(draftFileName(file.id))));
  return found.every((file) => file !== null);
}

export function startBidBuild(): void {
  onPage("bid-build", (module) => {
    part<HTMLAnchorElement>(module, "go").addEventListener("click", (event) => {
      if (module.dataset["must"] !== "0") event.preventDefault();
    });
    void new Builder(module).start().catch((error: unknown) => tellError(module, error));
  });
}
