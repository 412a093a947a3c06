/**
 * `[data-hp=desk]`: the opening desk. What changes is drawn by the server and fetched when
 * something happens; a handful of people work a desk, so this costs nothing and never differs.
 * Where somebody is typing stays as it is until they have finished.
 */

import { all, fact, onPage, part } from "../ui/dom";
import { Live } from "./live";

const GATHER = 250; // milliseconds: one act may write several events
const ANYHOW = 20_000; // what only time changes: a window that is over lets the button go
const TYPING = "input, textarea, select";

function startOne(root: HTMLElement): void {
  let timer = 0;
  const refresh = async (): Promise<void> => {
    const reply = await fetch(location.href, { cache: "no-store" });
    // The desk was taken back: the page itself says so.
    if (reply.status >= 400 && reply.status < 500) return location.reload();
    if (!reply.ok) return;
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    const now = fresh.querySelector<HTMLElement>('[data-hp="desk"]');
    // Another stage has other forms: the whole page is drawn anew.
    if (now && now.dataset["stage"] !== root.dataset["stage"]) return location.reload();
    for (const old of all("[data-live]", root)) {
      const made = fresh.querySelector(`[data-live="${old.dataset["live"] ?? ""}"]`);
      const typing = old.contains(document.activeElement) && document.activeElement?.matches(TYPING);
      const sent = old.querySelector("form[data-sent]");
      if (made && !typing && !sent) old.replaceChildren(...made.childNodes);
    }
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void refresh(), GATHER);
  };
  const live = new Live(
    { snapshot: fact(root, "snapshot"), socket: fact(root, "socket"), events: fact(root, "events") },
    {
      // A snapshot too: something may have happened between the page and the line.
      changed: (state) => {
        if (state.stage === root.dataset["stage"]) soon();
        else location.reload();
      },
      line: ({ way }) => {
        part(root, "line").dataset["way"] = way;
      },
    },
  );
  root.addEventListener("hp:over", soon);
  setInterval(() => {
    if (!document.hidden) soon();
  }, ANYHOW);
  void live.follow();
}

export function startDesk(): void {
  onPage("desk", startOne);
}
