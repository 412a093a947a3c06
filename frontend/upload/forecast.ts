/** When an upload will be done at its present speed, and whether that is in time. */

/** Older measurements count half after so many seconds. */
const HALF_LIFE_S = 8;

export type Margin = "ample" | "tight" | "late" | "unknown";

export class Forecast {
  #rate = 0;
  #weight = 0;
  #at: number;
  #sent: number;

  constructor(
    private readonly whole: number,
    sent: number,
    seconds: number,
  ) {
    this.#sent = sent;
    this.#at = seconds;
  }

  /** Takes down that `sent` bytes had been sent at this moment (any steady clock, in seconds). */
  measure(sent: number, seconds: number): void {
    const span = seconds - this.#at;
    if (span < 0.25) return;
    const fade = 0.5 ** (span / HALF_LIFE_S);
    this.#weight = this.#weight * fade + (1 - fade);
    this.#rate = this.#rate * fade + ((sent - this.#sent) / span) * (1 - fade);
    this.#sent = sent;
    this.#at = seconds;
  }

  /** Bytes per second, or null before the first measurement. */
  get rate(): number | null {
    return this.#weight ? this.#rate / this.#weight : null;
  }

  /** Seconds until all is sent; null when that cannot be told. */
  get left(): number | null {
    const { rate } = this;
    return rate && rate > 0 ? (this.whole - this.#sent) / rate : null;
  }

  /** Whether the rest fits into `available` seconds, with half as much again to spare. */
  margin(available: number): Margin {
    const { left } = this;
    if (left === null) return available > 0 ? "unknown" : "late";
    if (left >= available) return "late";
    return left * 1.5 < available ? "ample" : "tight";
  }
}
