/**
 * `[data-hp=fresh]`: something others change. The page is asked for again every few seconds, and
 * loaded anew once that part reads differently; never while somebody is typing.
 */

import { onPage } from "../ui/dom";

const EVERY = 5_000;

const told = (place: Element | null): string => place?.textContent.replace(/\s+/g, " ").trim() ?? "";

function startOne(place: HTMLElement): void {
  let leaving = false;
  // Asked for while a form is on its way, the page would show its answer to nobody.
  document.addEventListener("submit", (event) => (leaving ||= !event.defaultPrevented));
  const look = async (): Promise<void> => {
    if (leaving || document.hidden || document.activeElement?.matches("input, textarea, select")) return;
    const reply = await fetch(location.href, { cache: "no-store" });
    if (leaving || !reply.ok) return;
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (told(fresh.querySelector('[data-hp="fresh"]')) !== told(place)) location.reload();
  };
  // A line that is down is tried again by the next look.
  setInterval(() => void look().catch(() => undefined), EVERY);
}

export function startFresh(): void {
  onPage("fresh", startOne);
}
