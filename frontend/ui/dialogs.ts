/** Native dialogs: `[data-hp=open-dialog][data-dialog=id]` opens, `[data-hp=close-dialog]` closes. */

import { onPage } from "./dom";

export function startDialogs(): void {
  onPage("open-dialog", (button) => {
    button.addEventListener("click", () => {
      const dialog = document.getElementById(button.dataset["dialog"] ?? "");
      if (dialog instanceof HTMLDialogElement) dialog.showModal();
    });
  });
  onPage("close-dialog", (button) => {
    button.addEventListener("click", () => button.closest("dialog")?.close());
  });
  onPage("error-summary", (summary) => summary.focus());
}
