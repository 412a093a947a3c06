/**
 * `[data-hp=desk]`: the opening desk. What changes is drawn by the server and fetched when
 * something happens; a handful of people work a desk, so this costs nothing and never differs.
 * Where somebody is typing stays as it is until they have finished.
 */

import { all, fact, onPage, part } from "../ui/dom";
import { Live } from "./live";

const GATHER = 250; // milliseconds: one act may write several events

function startOne(root: HTMLElement): void {
  let timer = 0;
  let stage = "";
  const refresh = async (): Promise<void> => {
    const reply = await fetch(location.href, { cache: "no-store" });
    if (!reply.ok) return;
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    for (const old of all("[data-live]", root)) {
      const made = fresh.querySelector(`[data-live="${old.dataset["live"] ?? ""}"]`);
      if (made && !old.contains(document.activeElement)) old.replaceChildren(...made.childNodes);
    }
  };
  const live = new Live(
    { snapshot: fact(root, "snapshot"), socket: fact(root, "socket"), events: fact(root, "events") },
    {
      changed: (state, frame) => {
        // Another stage has other forms: the whole page is drawn anew.
        if (stage && stage !== state.stage) location.reload();
        stage = state.stage;
        if (frame === null) return;
        clearTimeout(timer);
        timer = window.setTimeout(() => void refresh(), GATHER);
      },
      line: ({ way }) => {
        part(root, "line").dataset["way"] = way;
      },
    },
  );
  void live.follow();
}

export function startDesk(): void {
  onPage("desk", startOne);
}
