/**
 * Larger type and dark display without a reload: `form[data-hp=preferences]`.
 *
 * The form works by itself; here its two buttons change the page at once and tell the server in the
 * background, so that nothing typed on the page is lost.
 */

import { all, need, onPage } from "./dom";

export function startPreferences(): void {
  onPage("preferences", (found) => {
    const form = found as HTMLFormElement;
    const root = document.documentElement;
    const theme = need<HTMLInputElement>("input[name=theme]", form);
    const large = need<HTMLInputElement>("input[name=large_text]", form);
    const show = (): void => {
      for (const button of all<HTMLButtonElement>("button", form)) {
        const on = button.value === "theme" ? root.dataset["bsTheme"] === "dark" : root.dataset["size"] === "large";
        button.setAttribute("aria-pressed", String(on));
      }
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const pressed = (event.submitter as HTMLButtonElement | null)?.value;
      if (pressed === "theme") {
        theme.value = root.dataset["bsTheme"] === "dark" ? "light" : "dark";
        root.dataset["theme"] = root.dataset["bsTheme"] = theme.value;
      } else {
        large.value = root.dataset["size"] === "large" ? "" : "on";
        if (large.value) root.dataset["size"] = "large";
        else delete root.dataset["size"];
      }
      show();
      void fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
    });
    show();
  });
}
