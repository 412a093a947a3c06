/** Money inputs: `input[data-hp=money]` echoes how its text was understood, with 大写. */

import { element, onPage } from "./dom";
import { parseYuan, plainYuan, uppercase, wan, yuan } from "./money";
import { say } from "./words";

const WORDS = {
  unclear: {
    zh: "未能识别金额，请写数字，如 3000000 或 300万元，最多两位小数",
    en: "This is not an amount; write figures, such as 3000000 or 300万元, with at most two decimals",
  },
  wan: { zh: "（{wan} 万元）", en: " ({wan} × 10,000)" },
} as const;

/** Shows beneath the input what its text means, and tidies the text when the reader leaves it. */
export function echoMoney(input: HTMLInputElement): void {
  const echo = element("p", "field__echo");
  echo.setAttribute("aria-live", "polite");
  echo.id = `${input.id || input.name}_echo`;
  input.after(echo);
  input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), echo.id].filter(Boolean).join(" "));
  const show = (): void => {
    echo.replaceChildren();
    const text = input.value.trim();
    if (!text) return;
    const fen = parseYuan(text);
    if (fen === null) {
      echo.append(say(WORDS.unclear));
      return;
    }
    echo.append(`¥${yuan(fen)}${say(WORDS.wan, { wan: wan(fen) })} `, element("strong", "", uppercase(fen)));
  };
  input.addEventListener("input", show);
  input.addEventListener("change", () => {
    const fen = parseYuan(input.value);
    if (fen !== null) input.value = plainYuan(fen);
    show();
  });
  show();
}

export function startMoneyInputs(): void {
  onPage("money", (input) => echoMoney(input as HTMLInputElement));
}
