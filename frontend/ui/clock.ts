/** The server's time in the page. The reader's own clock is never asked. */

import { all } from "./dom";
import { say } from "./words";

const WORDS = {
  days: { zh: "还有 {days} 天 {time}", en: "{days} d {time} left" },
  time: { zh: "还有 {time}", en: "{time} left" },
  over: { zh: "已截止", en: "Closed" },
} as const;

const shanghai = new Intl.DateTimeFormat("en-CA", {
  timeZone: "Asia/Shanghai",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

interface Base {
  readonly server: number;
  readonly mark: number;
  readonly speed: number;
}

function readBase(): Base | null {
  const clock = document.querySelector<HTMLTimeElement>('[data-hp="clock"]');
  if (!clock) return null;
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return {
    server: Date.parse(clock.dateTime),
    // The page was stamped just before its first byte arrived.
    mark: navigation?.responseStart ?? performance.now(),
    speed: Number(clock.dataset["speed"] ?? "1"),
  };
}

let base: Base | null = readBase();

/** Sets the clock by a later, fresher word from the server (a websocket's greeting). */
export function setServerTime(iso: string, speed = base?.speed ?? 1): void {
  base = { server: Date.parse(iso), mark: performance.now(), speed };
}

/** The server's time in milliseconds. */
export function serverNow(): number {
  if (!base) throw new Error("the page carries no server clock");
  return base.server + (performance.now() - base.mark) * base.speed;
}

/** `2026-11-23 14:00:00` in Beijing. */
export function moment(at: number): string {
  const parts = Object.fromEntries(shanghai.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts["year"]}-${parts["month"]}-${parts["day"]} ${parts["hour"]}:${parts["minute"]}:${parts["second"]}`;
}

/** `02:14:09`. */
export function duration(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** What is left until a moment, in words. */
export function left(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds <= 0) return say(WORDS.over);
  const days = Math.floor(seconds / 86400);
  const time = duration(seconds % 86400);
  return days ? say(WORDS.days, { days, time }) : say(WORDS.time, { time });
}

function tick(): void {
  const now = serverNow();
  for (const clock of all<HTMLTimeElement>('[data-hp="clock"]')) clock.textContent = moment(now);
  for (const target of all<HTMLTimeElement>('[data-hp="countdown"]')) {
    const rest = Date.parse(target.dateTime) - now;
    target.textContent = left(rest);
    const near = Number(target.dataset["near"] ?? "0") * 1000;
    const state = rest <= 0 ? "over" : rest <= near ? "near" : "";
    if (state === "over" && target.dataset["state"] !== "over") {
      target.dispatchEvent(new CustomEvent("hp:over", { bubbles: true }));
    }
    if (state) target.dataset["state"] = state;
    else delete target.dataset["state"];
  }
}

/** Keeps every clock and countdown of the page running. */
export function startClocks(): void {
  base ??= readBase();
  if (!base) return;
  tick();
  setInterval(tick, 1000);
}
