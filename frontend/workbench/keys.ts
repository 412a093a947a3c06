/** The workbench's keys. Single letters can be switched off (WCAG 2.1.4) and never act in a text. */

export type Acts = Readonly<Record<string, () => void>>;

const STORED = "hp-workbench-letters";

export function lettersOn(): boolean {
  return localStorage.getItem(STORED) !== "off";
}

export function setLetters(on: boolean): void {
  localStorage.setItem(STORED, on ? "on" : "off");
}

/** Listens for keys; `value` is the score's own field, in which letters still act. */
export function startKeys(acts: Acts, value: HTMLInputElement): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const target = event.target as HTMLElement;
    const typing = target.matches("input, textarea, select") && target !== value;
    const own = target === value;
    if ((event.key === "ArrowUp" || event.key === "ArrowDown" || event.key === "Enter") && !own) return;
    if (event.key === "Enter" || event.key.startsWith("Arrow")) return act(event, acts[event.key]);
    if (typing || !lettersOn()) return;
    if (/^\d$/.test(event.key) && !own) return value.focus();
    act(event, acts[event.key.toLowerCase()]);
  });
}

function act(event: KeyboardEvent, run: (() => void) | undefined): void {
  if (!run) return;
  event.preventDefault();
  run();
}
