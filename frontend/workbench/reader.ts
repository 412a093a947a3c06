/** The reading pane of the room: file, page, search, zoom and bookmarks, beside a vote or a score. */

import { element, part } from "../ui/dom";
import type { BidFile } from "./sheet";
import { Viewer } from "./viewer";

const STORED = "hp-bookmarks-";

/** The bookmarked pages of a file, kept on this machine: a long file is not read in one sitting. */
function marksOf(file: BidFile): Set<number> {
  try {
    return new Set(JSON.parse(localStorage.getItem(STORED + file.id) ?? "[]") as number[]);
  } catch {
    return new Set();
  }
}

export class Reader {
  readonly #viewer: Viewer;
  #files: readonly BidFile[] = [];

  constructor(private readonly root: HTMLElement) {
    this.#viewer = new Viewer(root, () => this.#showPage());
    const press = (name: string, run: () => void): void => part(root, name).addEventListener("click", run);
    const page = part<HTMLInputElement>(root, "page");
    const search = part<HTMLInputElement>(root, "search");
    const choice = part<HTMLSelectElement>(root, "file");
    press("page-back", () => this.turn(-1));
    press("page-next", () => this.turn(1));
    press("zoom-in", () => void this.#viewer.zoom(true));
    press("zoom-out", () => void this.#viewer.zoom(false));
    press("bookmark", () => this.bookmark());
    page.addEventListener("change", () => void this.#viewer.go(Number(page.value)));
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      void this.#viewer.search(search.value);
    });
    choice.addEventListener("change", () => {
      void this.#viewer.open(this.#files.find((one) => one.id === choice.value) ?? null);
    });
  }

  /** The page being read; null while no file is open. */
  get page(): number | null {
    return this.#viewer.pages ? this.#viewer.page : null;
  }

  /** Lays out a bidder's files; one of them that is open already stays open. */
  show(files: readonly BidFile[], page: number | null): void {
    this.#files = files;
    if (files.some((one) => one.id === this.#viewer.file?.id)) {
      if (page) void this.#viewer.go(page);
      return;
    }
    part(this.root, "file").replaceChildren(...files.map((one) => new Option(one.name, one.id)));
    void this.#viewer.open(files[0] ?? null, page ?? 1);
    this.#showPage();
    // Before there is a file to read, the tools do nothing: a search typed then would be lost.
    part<HTMLFieldSetElement>(this.root, "tools").disabled = false;
  }

  turn(by: number): void {
    void this.#viewer.go(this.#viewer.page + by);
  }

  search(): void {
    part(this.root, "search").focus();
  }

  bookmark(): void {
    const { file, page, pages } = this.#viewer;
    if (!file || !pages) return;
    const marked = marksOf(file);
    if (!marked.delete(page)) marked.add(page);
    localStorage.setItem(STORED + file.id, JSON.stringify([...marked]));
    this.#showPage();
  }

  #showPage(): void {
    const { root } = this;
    const { file, page, pages } = this.#viewer;
    const marked = file ? marksOf(file) : new Set<number>();
    part<HTMLInputElement>(root, "page").value = pages ? String(page) : "";
    part(root, "pages").textContent = pages ? `/ ${pages}` : "";
    part(root, "bookmark").setAttribute("aria-pressed", String(marked.has(page)));
    const list = [...marked].sort((one, other) => one - other).map((number) => {
      const button = element("button", "btn btn-link btn-sm", String(number));
      button.type = "button";
      button.addEventListener("click", () => void this.#viewer.go(number));
      return button;
    });
    part(root, "bookmarks").replaceChildren(...list);
  }
}
