/** Where a module says how it goes: `[data-part=status]`, and refusals as a panel in words. */

import { explained } from "../sealing/words";
import { element, icon, maybePart } from "./dom";

/** Says something short; an empty text clears the place. */
export function tell(within: ParentNode, text: string): void {
  const place = maybePart(within, "status");
  if (place) place.replaceChildren(text);
}

/** Says that something is done, so that it is seen. */
export function tellDone(within: ParentNode, text: string): void {
  const words = element("div", "", element("p", "panel__title", text));
  maybePart(within, "status")?.replaceChildren(element("div", "panel panel--done", icon("circle-check"), words));
}

/** Shows a refusal: what happened, why, what to do, code. */
export function tellError(within: ParentNode, error: unknown): void {
  const place = maybePart(within, "status");
  const refused = explained(error);
  if (!place) throw refused;
  const words = element(
    "div",
    "",
    element("p", "panel__title", refused.what),
    element("p", "", refused.why),
    element("p", "", `${refused.todo} `, element("span", "panel__code", refused.code)),
  );
  if (refused.link) {
    const link = element("a", "", refused.link.words);
    link.href = refused.link.href;
    words.append(element("p", "", link));
  }
  const panel = element("div", "panel panel--failed", icon("circle-x"), words);
  panel.setAttribute("role", "alert");
  place.replaceChildren(panel);
}

/** Runs an act behind a button: busy meanwhile, errors in words. */
export async function busily(within: ParentNode, button: HTMLButtonElement, act: () => Promise<void>): Promise<void> {
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  tell(within, "");
  try {
    await act();
  } catch (error) {
    // Whoever leaves the page has ended it himself, and reads nothing any more.
    if (!(error instanceof DOMException && error.name === "AbortError")) tellError(within, error);
  } finally {
    button.removeAttribute("aria-busy");
  }
}
