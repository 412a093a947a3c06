/** Copy buttons: `[data-hp=copy][data-text]`. */

import { onPage } from "./dom";
import { toast } from "./toast";
import { say } from "./words";

const WORDS = {
  copied: { zh: "已复制", en: "Copied" },
  failed: { zh: "浏览器不允许复制，请手动选取", en: "The browser refused to copy; please select the text" },
} as const;

export function startCopying(): void {
  onPage("copy", (button) => {
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset["text"] ?? "");
        toast(say(WORDS.copied), "done");
      } catch {
        toast(say(WORDS.failed), "todo");
      }
    });
  });
}
