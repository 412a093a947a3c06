/** Larger type and dark display: remembered in cookies, so that the server draws the next page so. */

import { onPage } from "./dom";

function remember(name: string, value: string): void {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

export function startPreferences(): void {
  const root = document.documentElement;
  onPage("large-text", (button) => {
    const show = (): void => button.setAttribute("aria-pressed", String(root.dataset["size"] === "large"));
    button.addEventListener("click", () => {
      if (root.dataset["size"] === "large") delete root.dataset["size"];
      else root.dataset["size"] = "large";
      remember("hp-size", root.dataset["size"] ?? "normal");
      show();
    });
    show();
  });
  onPage("theme", (button) => {
    const show = (): void => button.setAttribute("aria-pressed", String(root.dataset["bsTheme"] === "dark"));
    button.addEventListener("click", () => {
      root.dataset["bsTheme"] = root.dataset["bsTheme"] === "dark" ? "light" : "dark";
      remember("hp-theme", root.dataset["bsTheme"]);
      show();
    });
    show();
  });
}
