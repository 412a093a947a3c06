/**
 * A hall, live: a snapshot, then its streams by websocket, or by long polling where sockets break.
 *
 * A frame that is not the next one is never applied: the line is dropped and taken up again from
 * what is known. Coming back is spread over time, so that a whole city does not come at once.
 */

import { setServerTime } from "../ui/clock";
import { reduce } from "./reducer";
import type { Frame, HallState, Snapshot } from "./state";

export type Line = { readonly way: "socket" | "poll" | "off"; readonly rtt: number | null };

interface Beat {
  readonly epoch: number;
  readonly now: string;
  readonly speed: number;
  readonly head: Readonly<Record<string, number>>;
}

interface Listeners {
  /** The state has changed; `frame` is null for a snapshot. */
  readonly changed: (state: HallState, frame: Frame | null) => void;
  readonly line: (line: Line) => void;
}

interface Addresses {
  readonly snapshot: string;
  readonly socket: string;
  readonly events: string;
}

const STALE = 4409;
const REFUSED = 4403;
const SILENCE = 40_000; // two heartbeats and a half: the line is dead, whatever the browser thinks
const FIRST_SPREAD = 1_000;
const LONGEST_SPREAD = 20_000;
const TRIES_BEFORE_POLLING = 3;

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

class OutOfStep extends Error {}

export class Live {
  private state: HallState | null = null;
  private seen: Record<string, number> = {};
  private epoch = 0;
  private failures = 0;

  constructor(
    private readonly addresses: Addresses,
    private readonly listeners: Listeners,
  ) {}

  /** Follows for as long as the page lives. */
  async follow(): Promise<never> {
    for (;;) {
      try {
        if (!this.state) await this.takeSnapshot();
        if (this.failures < TRIES_BEFORE_POLLING) await this.overSocket();
        else await this.overPolling();
      } catch {
        this.failures += 1;
      }
      this.listeners.line({ way: "off", rtt: null });
      const spread = Math.min(FIRST_SPREAD * 2 ** this.failures, LONGEST_SPREAD);
      await pause(Math.random() * spread);
    }
  }

  private async takeSnapshot(): Promise<void> {
    const reply = await fetch(this.addresses.snapshot, { cache: "no-store", headers: { Accept: "application/json" } });
    if (!reply.ok) throw new Error(`snapshot ${reply.status}`);
    const { epoch, streams, state } = (await reply.json()) as Snapshot;
    this.epoch = epoch;
    this.seen = { ...streams };
    this.state = state;
    this.listeners.changed(state, null);
  }

  /** Takes what a server said: heartbeats set the clock, the next frame moves the state. */
  private hear(told: Frame | Beat): void {
    if ("n" in told) {
      const last = this.seen[told.s];
      if (last === undefined || told.n > last + 1) throw new OutOfStep();
      if (told.n <= last || !this.state) return;
      this.seen[told.s] = told.n;
      this.state = reduce(this.state, told);
      this.listeners.changed(this.state, told);
    } else if ("head" in told) {
      setServerTime(told.now, told.speed);
    }
  }

  private where(): string {
    return new URLSearchParams({ epoch: String(this.epoch), since: JSON.stringify(this.seen) }).toString();
  }

  private overSocket(): Promise<void> {
    const address = new URL(`${this.addresses.socket}?${this.where()}`, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    let silence = 0;
    const alive = (): void => {
      clearTimeout(silence);
      silence = window.setTimeout(() => socket.close(), SILENCE);
    };
    return new Promise((done) => {
      alive();
      socket.onmessage = ({ data }: MessageEvent<string>) => {
        alive();
        this.failures = 0;
        const told = JSON.parse(data) as Frame | Beat | { pong: number; now: string };
        if ("pong" in told) {
          this.timed(told);
          return;
        }
        try {
          this.hear(told);
        } catch {
          this.state = null;
          socket.close();
          return;
        }
        if ("head" in told) socket.send(JSON.stringify({ ping: performance.now() }));
      };
      socket.onclose = ({ code }) => {
        clearTimeout(silence);
        if (code === STALE || code === REFUSED) this.state = null;
        else this.failures += 1;
        done();
      };
    });
  }

  /** A ping came back: the server's word was half a round trip old. */
  private timed({ pong, now }: { readonly pong: number; readonly now: string }): void {
    const rtt = performance.now() - pong;
    setServerTime(new Date(Date.parse(now) + rtt / 2).toISOString());
    this.listeners.line({ way: "socket", rtt: Math.round(rtt) });
  }

  private async overPolling(): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      const reply = await fetch(`${this.addresses.events}?${this.where()}&wait=${round ? 25 : 0}`, { cache: "no-store" });
      if (reply.status === 409 || reply.status === 404) {
        this.state = null;
        return;
      }
      if (!reply.ok) throw new Error(`events ${reply.status}`);
      const told = (await reply.json()) as Beat & { readonly events: readonly Frame[] };
      this.hear(told);
      for (const frame of told.events) this.hear(frame);
      this.listeners.line({ way: "poll", rtt: null });
    }
    this.failures = TRIES_BEFORE_POLLING - 1; // the network may let sockets through again
  }
}
