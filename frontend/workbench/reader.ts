/** The reading pane of the room: file, page, search, zoom and bookmarks, beside a vote or a score. */

import { element, part } from "../ui/dom";
import { kept, keep } from "./places";
import type { BidFile } from "./sheet";
import { Viewer } from "./viewer";

const STORED = "hp-bookmarks-";
const PLACE = "hp-place-";

/** A page that was cited: of which file, where that is known. */
export interface Cited {
  readonly file: string | null;
  readonly page: number;
}

/** The bookmarked pages of a file, kept on this machine: a long file is not read in one sitting. */
function marksOf(file: BidFile): Set<number> {
  return new Set(kept<number[]>(STORED + file.id) ?? []);
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
    press("zoom-in", () => this.zoom(true));
    press("zoom-out", () => this.zoom(false));
    press("fit", () => this.fit());
    press("bookmark", () => this.bookmark());
    page.addEventListener("change", () => void this.#viewer.go(Number(page.value)));
    search.addEventListener("keydown", (event) => {
      if (event.key === "Escape") part(root, "view").focus();
      if (event.key !== "Enter") return;
      event.preventDefault();
      void this.#viewer.search(search.value);
    });
    choice.addEventListener("change", () => {
      void this.#viewer.open(this.#files.find((one) => one.id === choice.value) ?? null);
    });
    document.addEventListener("keydown", (event) => this.#roll(event));
  }

  /** The page being read; null while no file is open. */
  get page(): number | null {
    return this.#viewer.pages ? this.#viewer.page : null;
  }

  get file(): BidFile | null {
    return this.#viewer.pages ? this.#viewer.file : null;
  }

  /** Lays out a bidder's files; one of them that is open already stays open unless another is cited. */
  show(files: readonly BidFile[], cited: Cited | null): void {
    const known = (id: string | null | undefined): BidFile | undefined => files.find((one) => one.id === id);
    const same = files[0]?.id === this.#files[0]?.id;
    const open = known(this.#viewer.file?.id);
    const wanted = cited && (known(cited.file) ?? open);
    const before = this.#files.find((one) => one.id === this.#viewer.file?.id);
    const place = this.#left(files);
    this.#files = files;
    if (!same) part(this.root, "file").replaceChildren(...files.map((one) => new Option(one.name, one.id)));
    // Before there is a file to read, the tools do nothing: a search typed then would be lost.
    part<HTMLFieldSetElement>(this.root, "tools").disabled = false;
    if (cited && wanted) return void this.#viewer.open(wanted, cited.page);
    if (same && open) return;
    // Back with a bidder one reads on; with a new one, the file that is like the last bidder's.
    const like =
      files.find((one) => one.name === before?.name) ?? files.find((one) => one.part === before?.part);
    const first = known(place?.file) ?? like ?? files[0] ?? null;
    void this.#viewer.open(first, cited?.page ?? (known(place?.file) ? place?.page : 1));
  }

  turn(by: number): void {
    void this.#viewer.go(this.#viewer.page + by);
  }

  zoom(closer: boolean): void {
    void this.#viewer.zoom(closer);
  }

  fit(): void {
    void this.#viewer.fit(!this.#viewer.whole);
    part(this.root, "fit").setAttribute("aria-pressed", String(this.#viewer.whole));
  }

  search(): void {
    part(this.root, "search").focus();
  }

  bookmark(): void {
    const { file, page, pages } = this.#viewer;
    if (!file || !pages) return;
    const marked = marksOf(file);
    if (!marked.delete(page)) marked.add(page);
    keep(STORED + file.id, [...marked]);
    this.#showPage();
  }

  /** Page keys read on wherever one is, save in a text of several lines and in a list. */
  #roll(event: KeyboardEvent): void {
    const by = event.key === "PageDown" ? 1 : event.key === "PageUp" ? -1 : 0;
    if (!by || (event.target as HTMLElement).matches("textarea, select, dialog *")) return;
    event.preventDefault();
    void this.#viewer.roll(by);
  }

  /** Where one left off with a bidder, who is known by the first of its files. */
  #left(files: readonly BidFile[]): Cited | null {
    return files[0] ? kept<Cited>(PLACE + files[0].id) : null;
  }

  #showPage(): void {
    const { root } = this;
    const { file, page, pages } = this.#viewer;
    const marked = file ? marksOf(file) : new Set<number>();
    if (file) part<HTMLSelectElement>(root, "file").value = file.id;
    if (file && pages && this.#files[0]) keep(PLACE + this.#files[0].id, { file: file.id, page });
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
