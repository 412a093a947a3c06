/** A thin PDF viewer: one page at a time, fetched in ranges, its text for search and readers. */

import {
  getDocument,
  InvalidPDFException,
  PDFWorker,
  type PDFDocumentLoadingTask,
  type PDFDocumentProxy,
  type RenderTask,
} from "pdfjs-dist";

import { element, maybePart, part } from "../ui/dom";
import { say } from "../ui/words";
import { boxes, count, type Piece } from "./finding";
import type { BidFile } from "./sheet";

const WORDS = {
  loading: { zh: "正在打开 {name}", en: "Opening {name}" },
  unreadable: { zh: "不能显示 {name}：不是可读的 PDF", en: "{name} cannot be shown: not a readable PDF" },
  failed: { zh: "没有打开 {name}：连接中断或服务暂时不可用", en: "{name} was not opened: no connection or no answer" },
  retry: { zh: "重试", en: "Try again" },
  none: { zh: "这家没有文件", en: "This bidder has no file" },
  found: { zh: "第 {page} 页，{hits} 处", en: "Page {page}, found {hits}×" },
  searching: { zh: "正在搜索，{done} / {count} 页", en: "Searching, {done} of {count} pages" },
  missing: { zh: "没有找到“{text}”", en: "“{text}” was not found" },
} as const;
const ZOOM = 1.2;
const SAID = 20; // pages between two words on how far a search is
const RESIZED = 200; // milliseconds after the last change of width
const RANGE = 256 * 1024;
const GAP = 16; // pixels beside a page that fits
const EDGE = 2; // pixels of rounding at a pane's end

export class Viewer {
  #document: PDFDocumentProxy | null = null;
  #loading: PDFDocumentLoadingTask | null = null;
  #file: BidFile | null = null;
  #task: RenderTask | null = null;
  #zoom = 1;
  #whole = false;
  #wanted = "";
  #opening: Promise<void> = Promise.resolve();
  readonly #build = document.body.dataset["build"] ?? "/static/build/";
  // One worker for all files: pdf.js refuses a file whose worker is still being put away.
  readonly #worker = PDFWorker.create({
    port: new Worker(`${this.#build}pdf.worker.js`, { type: "module" }),
  });
  page = 1;

  constructor(
    private readonly root: HTMLElement,
    private readonly changed: () => void,
  ) {
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
    }).observe(this.#view);
  }

  get pages(): number {
    return this.#document?.numPages ?? 0;
  }

  /** The file that is open or being opened; null after one that could not be. */
  get file(): BidFile | null {
    return this.#file;
  }

  get whole(): boolean {
    return this.#whole;
  }

  get #view(): HTMLElement {
    return part(this.root, "view");
  }

  open(file: BidFile | null, page = 1): Promise<void> {
    // Asked for again while it is still being opened, a file is opened once.
    const again = file !== null && file.id === this.#file?.id;
    this.#opening = again ? this.#opening.then(() => this.go(page)) : this.#open(file, page);
    return this.#opening;
  }

  async #open(file: BidFile | null, page: number): Promise<void> {
    this.#file = file;
    this.#wanted = "";
    const left = this.#loading;
    this.#loading = this.#document = null;
    void left?.destroy();
    // A page of the last file must not stand under the name of the next.
    part<HTMLCanvasElement>(this.root, "canvas").height = 0;
    this.#view.scrollTop = 0;
    this.#mark([]);
    this.changed();
    if (!file) return this.#tell(say(WORDS.none));
    this.#tell(say(WORDS.loading, { name: file.name }));
    const task = getDocument({
      worker: this.#worker,
      url: file.url,
      rangeChunkSize: RANGE,
      disableAutoFetch: true,
      disableStream: true,
      cMapUrl: `${this.#build}pdf/cmaps/`,
      cMapPacked: true,
      standardFontDataUrl: `${this.#build}pdf/standard_fonts/`,
      wasmUrl: `${this.#build}pdf/wasm/`,
    });
    this.#loading = task;
    try {
      const opened = await task.promise;
      if (this.#loading !== task) return;
      this.#document = opened;
      this.#tell("");
      await this.go(page);
    } catch (error) {
      if (this.#loading === task) this.#fail(file, page, error);
    }
  }

  /** Says what went wrong; only a file that was read and is none is called unreadable. */
  #fail(file: BidFile, page: number, error: unknown): void {
    this.#file = this.#loading = this.#document = null;
    this.changed();
    if (error instanceof InvalidPDFException) return this.#tell(say(WORDS.unreadable, { name: file.name }));
    this.#tell(say(WORDS.failed, { name: file.name }));
    const button = element("button", "btn btn-link btn-sm", say(WORDS.retry));
    button.type = "button";
    button.addEventListener("click", () => void this.open(file, page));
    part(this.root, "file-status").append(button);
  }

  async go(page: number, end = false): Promise<void> {
    if (!this.#document) return;
    const number = Math.max(1, Math.min(this.pages, Math.trunc(page) || 1));
    const turned = number !== this.page;
    this.page = number;
    this.changed();
    if (turned) this.#view.scrollTop = 0;
    await this.#draw();
    if (turned && end) this.#view.scrollTop = this.#view.scrollHeight;
  }

  /** A screenful on or back; at a page's end, the next page. */
  async roll(by: 1 | -1): Promise<void> {
    const view = this.#view;
    const left = by > 0 ? view.scrollHeight - view.clientHeight - view.scrollTop : view.scrollTop;
    if (left > EDGE) return view.scrollBy({ top: by * view.clientHeight * 0.9 });
    const last = by > 0 ? this.pages : 1;
    if (this.page !== last) await this.go(this.page + by, by < 0);
  }

  async zoom(closer: boolean): Promise<void> {
    this.#zoom = Math.max(0.4, Math.min(4, this.#zoom * (closer ? ZOOM : 1 / ZOOM)));
    await this.#draw();
  }

  /** Fits the whole page into its pane, or its width again. */
  async fit(whole: boolean): Promise<void> {
    this.#whole = whole;
    this.#zoom = 1;
    await this.#draw();
  }

  /** Goes to the next page that holds the text, round the end of the file. */
  async search(text: string): Promise<void> {
    const wanted = text.trim();
    // Who searches while a long file is still being opened wants it found, not forgotten.
    await this.#opening;
    const opened = this.#document;
    if (!wanted || !opened) return;
    const from = this.page;
    const { numPages } = opened;
    for (let by = 1; by <= numPages; by += 1) {
      const page = ((from - 1 + by) % numPages) + 1;
      if (by % SAID === 0) this.#tell(say(WORDS.searching, { done: by, count: numPages }));
      const hits = count(written(await pieces(opened, page)), wanted);
      if (opened !== this.#document) return;
      if (hits > 0) {
        this.#tell(say(WORDS.found, { page, hits }));
        this.#wanted = wanted;
        await this.go(page);
        return part(this.root, "hits").firstElementChild?.scrollIntoView({ block: "center" });
      }
    }
    this.#tell(say(WORDS.missing, { text }));
  }

  async #draw(): Promise<void> {
    const opened = this.#document;
    if (!opened) return;
    const number = this.page;
    const page = await opened.getPage(number);
    const view = this.#view;
    const canvas = part<HTMLCanvasElement>(this.root, "canvas");
    const { width, height } = page.getViewport({ scale: 1 });
    const wide = Math.max(240, view.clientWidth - GAP) / width;
    const fitting = this.#whole ? Math.min(wide, (view.clientHeight - GAP) / height) : wide;
    const scale = fitting * this.#zoom;
    const density = window.devicePixelRatio || 1;
    const viewport = page.getViewport({ scale: scale * density });
    this.#task?.cancel();
    if (number !== this.page || opened !== this.#document) return;
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    canvas.style.width = `${Math.floor(viewport.width / density)}px`;
    this.#mark([]);
    this.#task = page.render({ canvas, viewport });
    try {
      await this.#task.promise;
      const held = await pieces(opened, number);
      if (number !== this.page || opened !== this.#document) return;
      const place = maybePart(this.root, "text");
      if (place) place.textContent = written(held);
      if (this.#wanted) this.#mark(boxes(held, this.#wanted, page.getViewport({ scale })));
    } catch {
      return; // cancelled by the next page, or by the next file
    }
  }

  /** Lays a mark over each place found on the page that is shown. */
  #mark(found: ReturnType<typeof boxes>): void {
    const canvas = part<HTMLCanvasElement>(this.root, "canvas");
    const marks = found.map((box) => {
      const mark = element("span", "workbench__hit");
      mark.style.insetInlineStart = `${canvas.offsetLeft + box.left}px`;
      mark.style.insetBlockStart = `${canvas.offsetTop + box.top}px`;
      mark.style.inlineSize = `${box.width}px`;
      mark.style.blockSize = `${box.height}px`;
      return mark;
    });
    part(this.root, "hits").replaceChildren(...marks);
  }

  #tell(text: string): void {
    part(this.root, "file-status").textContent = text;
  }
}

async function pieces(opened: PDFDocumentProxy, number: number): Promise<Piece[]> {
  const content = await (await opened.getPage(number)).getTextContent();
  return content.items.flatMap((item) => ("str" in item ? [item] : []));
}

function written(held: readonly Piece[]): string {
  return held.map((piece) => piece.str).join("");
}
