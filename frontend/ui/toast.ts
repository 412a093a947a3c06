/** Short news at the corner. Never the only place where something important is said. */

import { element, icon, need } from "./dom";

export type Level = "info" | "done" | "todo" | "failed";
const ICONS = { info: "info-circle", done: "circle-check", todo: "alert-triangle", failed: "circle-x" } as const;

export function toast(text: string, level: Level = "info"): void {
  const box = element("div", `panel panel--${level}`, icon(ICONS[level]), element("div", "", text));
  need('[data-hp="toasts"]').append(box);
  setTimeout(() => box.remove(), level === "failed" ? 15000 : 6000);
}
