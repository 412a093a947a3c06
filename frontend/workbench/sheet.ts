/** One member's own score sheet: the bids, the leaves, what is filled; nothing of anybody else. */

export interface BidFile {
  readonly id: string;
  readonly part: string;
  readonly name: string;
  readonly url: string;
}

export interface Bid {
  readonly bid: string;
  readonly label: string;
  readonly name: string;
  readonly files: readonly BidFile[];
}

export interface Criterion {
  readonly key: string;
  readonly title: string;
  readonly standard: string;
  readonly max: string;
  readonly step: string | null;
  readonly kind: string;
  readonly part_of: string | null;
  readonly scored: boolean;
}

export interface Cell {
  value: string;
  note: string;
  file: string | null;
  page: number | null;
}

/** A score by its place: of which bid, on which criterion. */
interface Place {
  readonly bid: string;
  readonly criterion: string;
}

interface Row extends Cell, Place {}

export interface State {
  readonly bids: readonly Bid[];
  readonly criteria: readonly Criterion[];
  readonly decisions: readonly { readonly bid: string; readonly passed: boolean }[];
  readonly scores: readonly Row[];
  readonly corrections: readonly { readonly differences: readonly Place[] }[];
}

// Scores are compared in thousandths, as whole numbers: 0.1 + 0.2 must be 0.3.
const SCALE = 1000;
const PLAIN = /^\d{1,4}(\.\d{1,3})?$/;

/** Thousandths of a plain decimal; null for anything else. */
export function thousandths(text: string): number | null {
  return PLAIN.test(text) ? Math.round(Number(text) * SCALE) : null;
}

/** A plain decimal without needless zeros. */
export function written(value: number): string {
  return (value / SCALE).toFixed(3).replace(/\.?0+$/, "");
}

/** Whether the document's range and step allow a score; the maximum itself always. */
export function takes(leaf: Criterion, text: string): boolean {
  const value = thousandths(text);
  const top = thousandths(leaf.max);
  if (value === null || top === null || value > top) return false;
  const step = leaf.step === null ? null : thousandths(leaf.step);
  return step === null || value === top || value % step === 0;
}

/** The score one step up or down, inside the range. */
export function stepped(leaf: Criterion, text: string, up: boolean): string {
  const top = thousandths(leaf.max) ?? 0;
  const step = (leaf.step === null ? null : thousandths(leaf.step)) ?? SCALE / 2;
  const now = thousandths(text);
  if (now === null) return written(up ? Math.min(step, top) : top);
  const on = up ? Math.floor(now / step) * step + step : Math.ceil(now / step) * step - step;
  return written(Math.max(0, Math.min(top, on)));
}

export class Sheet {
  readonly bids: readonly Bid[];
  readonly leaves: readonly Criterion[];
  readonly criteria: readonly Criterion[];
  readonly #cells = new Map<string, Cell>();
  readonly #disputed: ReadonlySet<string>;
  bidAt = 0;
  leafAt = 0;

  constructor(state: State) {
    const passed = new Set(state.decisions.filter((row) => row.passed).map((row) => row.bid));
    this.bids = state.bids.filter((bid) => passed.has(bid.bid));
    this.criteria = state.criteria;
    this.leaves = state.criteria.filter((row) => row.scored);
    for (const { bid, criterion, value, note, file, page } of state.scores) {
      this.#cells.set(`${bid} ${criterion}`, { value, note, file, page });
    }
    const last = state.corrections.at(-1)?.differences ?? [];
    this.#disputed = new Set(last.map((place) => `${place.bid} ${place.criterion}`));
    // The work goes on where it is wanted: at a fact to be put right, else at the first blank.
    if (!this.#to((bid, leaf) => this.disputed(bid, leaf), -1)) this.toBlank(-1);
  }

  get bid(): Bid {
    return this.bids[this.bidAt]!;
  }

  get leaf(): Criterion {
    return this.leaves[this.leafAt]!;
  }

  get total(): number {
    return this.bids.length * this.leaves.length;
  }

  get done(): number {
    return this.#cells.size;
  }

  cell(bid: Bid = this.bid, leaf: Criterion = this.leaf): Cell | undefined {
    return this.#cells.get(`${bid.bid} ${leaf.key}`);
  }

  put(cell: Cell, bid: Bid = this.bid, leaf: Criterion = this.leaf): void {
    this.#cells.set(`${bid.bid} ${leaf.key}`, cell);
  }

  /** Whether members differed on this fact when the locks were last lifted. */
  disputed(bid: Bid = this.bid, leaf: Criterion = this.leaf): boolean {
    return this.#disputed.has(`${bid.bid} ${leaf.key}`);
  }

  filled(leaf: Criterion): number {
    return this.bids.filter((bid) => this.cell(bid, leaf)).length;
  }

  moveBid(by: number): void {
    this.bidAt = (this.bidAt + by + this.bids.length) % this.bids.length;
  }

  moveLeaf(by: number): void {
    this.leafAt = (this.leafAt + by + this.leaves.length) % this.leaves.length;
  }

  /** After a score: the next bid; after the last bid, the next leaf from the first bid. */
  advance(): void {
    this.moveBid(1);
    if (this.bidAt === 0) this.moveLeaf(1);
  }

  /** Goes to the next empty cell after one, bid by bid within a leaf; false if none is left. */
  toBlank(after = this.leafAt * this.bids.length + this.bidAt): boolean {
    return this.#to((bid, leaf) => !this.cell(bid, leaf), after);
  }

  #to(wanted: (bid: Bid, leaf: Criterion) => boolean, after: number): boolean {
    for (let by = 1; by <= this.total; by += 1) {
      const at = (after + by) % this.total;
      const leaf = Math.floor(at / this.bids.length);
      const bid = at % this.bids.length;
      if (wanted(this.bids[bid]!, this.leaves[leaf]!)) {
        this.leafAt = leaf;
        this.bidAt = bid;
        return true;
      }
    }
    return false;
  }
}
