/** A second press while the first is on its way does nothing; the command id protects the rest. */

import { all } from "./dom";

export function startSingleSubmit(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset["sent"]) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "1";
    for (const button of all<HTMLButtonElement>("button[type=submit]", form)) {
      button.setAttribute("aria-busy", "true");
    }
  });
  // Coming back with the browser's back button makes the form usable again.
  addEventListener("pageshow", () => {
    for (const form of all<HTMLFormElement>("form[data-sent]")) {
      delete form.dataset["sent"];
      for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
    }
  });
}
