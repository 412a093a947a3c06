/**
 * Saving while people type: `form[data-hp=autosave][data-url]`.
 *
 * Sends the form a moment after the last change, one request at a time; a change during a request
 * is sent after it. The state is said in `[data-part=saved]`. Nothing secret may stand in such a
 * form: it goes to the server in clear.
 */

import { fact, maybePart, onPage } from "./dom";
import { moment, serverNow } from "./clock";
import { say } from "./words";

const WAIT_MS = 400;
const RETRY_MS = 5000;
const WORDS = {
  saving: { zh: "正在保存", en: "Saving" },
  saved: { zh: "已保存 {at}", en: "Saved {at}" },
  failed: { zh: "未能保存，恢复连接后自动再存", en: "Not saved; will try again when the connection is back" },
} as const;

export class Autosave {
  #timer = 0;
  #running = false;
  #dirty = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly url: string,
  ) {
    form.addEventListener("input", () => this.touch());
    form.addEventListener("change", () => this.touch());
    addEventListener("online", () => this.#dirty && this.touch());
    addEventListener("visibilitychange", () => document.hidden && this.#dirty && void this.save());
  }

  touch(): void {
    this.#dirty = true;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.save(), WAIT_MS);
  }

  async save(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    clearTimeout(this.#timer);
    this.#dirty = false;
    this.#say(say(WORDS.saving));
    try {
      const reply = await fetch(this.url, {
        method: "POST",
        body: new FormData(this.form),
        headers: { Accept: "application/json" },
        keepalive: true,
      });
      if (!reply.ok) throw new Error(String(reply.status));
      this.#say(say(WORDS.saved, { at: moment(serverNow()).slice(11) }));
    } catch {
      this.#dirty = true;
      this.#say(say(WORDS.failed));
      this.#timer = window.setTimeout(() => void this.save(), RETRY_MS);
      return;
    } finally {
      this.#running = false;
    }
    if (this.#dirty) this.touch();
  }

  #say(text: string): void {
    const place = maybePart(this.form, "saved");
    if (place) place.textContent = text;
  }
}

export function startAutosave(): void {
  onPage("autosave", (form) => new Autosave(form as HTMLFormElement, fact(form, "url")));
}
