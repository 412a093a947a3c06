/** Saving cells in the order they were changed, one request at a time, again after a broken line. */

import { moment, serverNow } from "../ui/clock";
import { say } from "../ui/words";
import type { Cell } from "./sheet";

const RETRY_MS = 3000;
const WORDS = {
  saving: { zh: "正在保存", en: "Saving" },
  saved: { zh: "已保存 {at}", en: "Saved {at}" },
  waiting: { zh: "连接中断，恢复后自动保存", en: "No connection; will be saved when it is back" },
  refused: { zh: "没有保存：{why}", en: "Not saved: {why}" },
} as const;

interface Job {
  readonly bid: string;
  readonly criterion: string;
  readonly cell: Cell;
}

export class Saving {
  readonly #jobs = new Map<string, Job>();
  #running = false;

  constructor(
    private readonly url: string,
    private readonly csrf: string,
    private readonly tell: (text: string) => void,
  ) {
    addEventListener("online", () => void this.#run());
    addEventListener("beforeunload", (event) => {
      if (this.#jobs.size > 0) event.preventDefault();
    });
  }

  put(bid: string, criterion: string, cell: Cell): void {
    const key = `${bid} ${criterion}`;
    this.#jobs.delete(key); // a later change of the same cell goes to the end, with its last value
    this.#jobs.set(key, { bid, criterion, cell });
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#first(); next; next = this.#first()) {
        this.tell(say(WORDS.saving));
        const [key, job] = next;
        const words = await this.#send(job);
        if (this.#jobs.get(key) === job) this.#jobs.delete(key);
        this.tell(words);
      }
    } catch {
      this.tell(say(WORDS.waiting));
      setTimeout(() => void this.#run(), RETRY_MS);
    } finally {
      this.#running = false;
    }
  }

  #first(): [string, Job] | undefined {
    return this.#jobs.entries().next().value;
  }

  async #send(job: Job): Promise<string> {
    const body = new FormData();
    body.set("bid", job.bid);
    body.set("criterion", job.criterion);
    body.set("value", job.cell.value);
    body.set("note", job.cell.note);
    if (job.cell.file !== null) body.set("file", job.cell.file);
    if (job.cell.page !== null) body.set("page", String(job.cell.page));
    const reply = await fetch(this.url, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": this.csrf },
    });
    if (reply.ok) return say(WORDS.saved, { at: moment(serverNow()).slice(11) });
    if (reply.status >= 500) throw new Error(String(reply.status));
    const told = (await reply.json()) as { error?: { what: string; why: string } };
    return say(WORDS.refused, { why: told.error ? `${told.error.what}${told.error.why}` : reply.status });
  }
}
