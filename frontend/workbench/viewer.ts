/** A thin PDF viewer: one page at a time, fetched in ranges, its text for search and readers. */

import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy, type RenderTask } from "pdfjs-dist";

import { maybePart, part } from "../ui/dom";
import { say } from "../ui/words";
import type { BidFile } from "./sheet";

const WORDS = {
  loading: { zh: "正在打开 {name}", en: "Opening {name}" },
  failed: { zh: "不能显示 {name}：不是可读的 PDF", en: "{name} cannot be shown: not a readable PDF" },
  none: { zh: "这家没有文件", en: "This bidder has no file" },
  found: { zh: "第 {page} 页", en: "Page {page}" },
  searching: { zh: "正在搜索，{done} / {count} 页", en: "Searching, {done} of {count} pages" },
  missing: { zh: "没有找到“{text}”", en: "“{text}” was not found" },
} as const;
const ZOOM = 1.2;
const SAID = 20; // pages between two words on how far a search is
const RESIZED = 200; // milliseconds after the last change of width
const RANGE = 256 * 1024;

export class Viewer {
  #document: PDFDocumentProxy | null = null;
  #file: BidFile | null = null;
  #task: RenderTask | null = null;
  #zoom = 1;
  #opening: Promise<void> = Promise.resolve();
  page = 1;

  constructor(
    private readonly root: HTMLElement,
    private readonly changed: () => void,
  ) {
    const build = document.body.dataset["build"] ?? "/static/build/";
    // A page fits its pane, also after a phone was turned or a window made smaller.
    let width = 0;
    let timer = 0;
    new ResizeObserver(([entry]) => {
      const now = Math.round(entry?.contentRect.width ?? 0);
      if (width && now !== width) {
        clearTimeout(timer);
        timer = window.setTimeout(() => void this.#draw(), RESIZED);
      }
      width = now;
    }).observe(part(root, "view"));
    GlobalWorkerOptions.workerPort ??= new Worker(`${build}pdf.worker.js`, { type: "module" });
  }

  get pages(): number {
    return this.#document?.numPages ?? 0;
  }

  get file(): BidFile | null {
    return this.#file;
  }

  open(file: BidFile | null, page = 1): Promise<void> {
    // Asked for again while it is still being opened, a file is opened once.
    const again = file !== null && file.id === this.#file?.id;
    this.#opening = again ? this.#opening.then(() => this.go(page)) : this.#open(file, page);
    return this.#opening;
  }

  async #open(file: BidFile | null, page: number): Promise<void> {
    this.#file = file;
    void this.#document?.loadingTask.destroy();
    this.#document = null;
    // A page of the last file must not stand under the name of the next.
    part<HTMLCanvasElement>(this.root, "canvas").height = 0;
    if (!file) return this.#tell(say(WORDS.none));
    this.#tell(say(WORDS.loading, { name: file.name }));
    const build = document.body.dataset["build"] ?? "/static/build/";
    try {
      const opened = await getDocument({
        url: file.url,
        rangeChunkSize: RANGE,
        disableAutoFetch: true,
        disableStream: true,
        cMapUrl: `${build}pdf/cmaps/`,
        cMapPacked: true,
        standardFontDataUrl: `${build}pdf/standard_fonts/`,
        wasmUrl: `${build}pdf/wasm/`,
      }).promise;
      if (this.#file?.id !== file.id) return void opened.loadingTask.destroy();
      this.#document = opened;
      this.#tell("");
      await this.go(page);
    } catch {
      if (this.#file?.id === file.id) this.#tell(say(WORDS.failed, { name: file.name }));
    }
  }

  async go(page: number): Promise<void> {
    if (!this.#document) return;
    this.page = Math.max(1, Math.min(this.pages, Math.trunc(page) || 1));
    this.changed();
    await this.#draw();
  }

  async zoom(closer: boolean): Promise<void> {
    this.#zoom = Math.max(0.4, Math.min(4, this.#zoom * (closer ? ZOOM : 1 / ZOOM)));
    await this.#draw();
  }

  /** Goes to the next page that holds the text, round the end of the file. */
  async search(text: string): Promise<void> {
    const wanted = text.trim().toLowerCase();
    // Who searches while a long file is still being opened wants it found, not forgotten.
    await this.#opening;
    if (!wanted || !this.#document) return;
    const from = this.page;
    const opened = this.#document;
    for (let by = 1; by <= this.pages; by += 1) {
      const page = ((from - 1 + by) % this.pages) + 1;
      if (by % SAID === 0) this.#tell(say(WORDS.searching, { done: by, count: this.pages }));
      const held = (await this.#text(page)).toLowerCase().includes(wanted);
      if (opened !== this.#document) return;
      if (held) {
        this.#tell(say(WORDS.found, { page }));
        return this.go(page);
      }
    }
    this.#tell(say(WORDS.missing, { text }));
  }

  async #draw(): Promise<void> {
    const opened = this.#document;
    if (!opened) return;
    const number = this.page;
    const page = await opened.getPage(number);
    const view = part(this.root, "view");
    const canvas = part<HTMLCanvasElement>(this.root, "canvas");
    const width = page.getViewport({ scale: 1 }).width;
    const scale = (Math.max(240, view.clientWidth - 16) / width) * this.#zoom;
    const density = window.devicePixelRatio || 1;
    const viewport = page.getViewport({ scale: scale * density });
    this.#task?.cancel();
    if (number !== this.page || opened !== this.#document) return;
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    canvas.style.width = `${Math.floor(viewport.width / density)}px`;
    this.#task = page.render({ canvas, viewport });
    try {
      await this.#task.promise;
    } catch {
      return; // cancelled by the next page
    }
    const place = maybePart(this.root, "text");
    if (place) place.textContent = await this.#text(number);
  }

  async #text(number: number): Promise<string> {
    const page = await this.#document!.getPage(number);
    const content = await page.getTextContent();
    return content.items.map((item) => ("str" in item ? item.str : "")).join("");
  }

  #tell(text: string): void {
    part(this.root, "file-status").textContent = text;
  }
}
