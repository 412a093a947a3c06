/** Finding and marking elements; icons from the sprite. */

export function all<T extends HTMLElement = HTMLElement>(selector: string, within: ParentNode = document): T[] {
  return [...within.querySelectorAll<T>(selector)];
}

/** The element that must be there; a page without it is a programming error. */
export function need<T extends HTMLElement = HTMLElement>(selector: string, within: ParentNode = document): T {
  const found = within.querySelector<T>(selector);
  if (!found) throw new Error(`the page lacks ${selector}`);
  return found;
}

/** A module's part of this name. Its own comes before one of a module inside it. */
export function maybePart<T extends HTMLElement = HTMLElement>(within: ParentNode, name: string): T | null {
  const found = all<T>(`[data-part="${name}"]`, within);
  const own = found.find((element) => {
    const module = element.closest("[data-hp]");
    return module === null || module === within || !within.contains(module);
  });
  return own ?? found[0] ?? null;
}

export function part<T extends HTMLElement = HTMLElement>(within: ParentNode, name: string): T {
  const found = maybePart<T>(within, name);
  if (!found) throw new Error(`the page lacks data-part=${name}`);
  return found;
}

/** A data attribute that must be there. */
export function fact(element: HTMLElement, name: string): string {
  const value = element.dataset[name];
  if (value === undefined) throw new Error(`the page lacks data-${name}`);
  return value;
}

export function icon(name: string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${document.body.dataset["icons"] ?? ""}#${name}`);
  svg.append(use);
  return svg;
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  classes: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.append(...children);
  return made;
}

/** Runs `start` for every `[data-hp=name]` now on the page and for those htmx brings later. */
export function onPage(name: string, start: (element: HTMLElement) => void): void {
  const seen = new WeakSet<HTMLElement>();
  const visit = (within: ParentNode): void => {
    for (const found of all(`[data-hp="${name}"]`, within)) {
      if (seen.has(found)) continue;
      seen.add(found);
      start(found);
    }
  };
  visit(document);
  document.addEventListener("htmx:load", (event) => {
    const target = event.target as HTMLElement;
    visit(target.parentNode ?? document);
  });
}
