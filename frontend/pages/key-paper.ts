/**
 * The paper form of a key file: a sheet with its text as a QR code.
 *
 * The code holds the key file as it is, wrapped by its passphrase; the passphrase is never on paper.
 */

import { encodeQR } from "qr";

import type { Bytes } from "../sealing/bytes";
import { element, icon } from "../ui/dom";
import { say } from "../ui/words";

const QUIET = 4;
const SVG = "http://www.w3.org/2000/svg";
const WORDS = {
  title: { zh: "开标密钥（纸质副本）", en: "Opening key, paper copy" },
  kid: { zh: "密钥指纹 {kid}", en: "Key fingerprint {kid}" },
  label: { zh: "用于 {label}", en: "For {label}" },
  code: { zh: "二维码：密钥文件全文", en: "QR code: the whole key file" },
  keep: {
    zh: "这张纸和密钥文件各存一处，丢一份还有一份。口令不在纸上，请另行记牢。",
    en: "Keep this sheet and the key file in two places, so that one is left if one is lost. The passphrase is not on it: remember it.",
  },
  back: {
    zh: "要用时扫描二维码，把得到的文字粘贴到“密钥文字”一栏，与载入密钥文件相同。",
    en: "To use it, scan the code and paste the text into “Text of the key”; that is the same as loading the key file.",
  },
  print: { zh: "打印密钥", en: "Print the key" },
} as const;

/** How many bytes a code holds (ISO/IEC 18004, version 40) that survives the loss of 25, 15 or 7 % of it. */
const CAPACITIES = [
  ["quartile", 1663],
  ["medium", 2331],
  ["low", 2953],
] as const;

/** A QR code as one path of unit squares, as robust as the text allows. */
function drawCode(text: string): SVGSVGElement {
  const [ecc] = CAPACITIES.find(([, most]) => text.length <= most) ?? ["low"];
  const rows = encodeQR(text, "raw", { ecc, encoding: "byte", border: QUIET });
  const squares = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`);
  svg.setAttribute("class", "key-paper__code");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", say(WORDS.code));
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", squares.join(""));
  svg.append(path);
  return svg;
}

/** Prints the sheet alone, whatever else the page shows. */
function printAlone(sheet: HTMLElement): void {
  const copy = sheet.cloneNode(true) as HTMLElement;
  document.body.append(copy);
  document.body.classList.add("prints-key");
  const tidy = (): void => {
    document.body.classList.remove("prints-key");
    copy.remove();
  };
  addEventListener("afterprint", tidy, { once: true });
  window.print();
}

/** Draws the sheet of a key file into its place and offers to print it. */
export function drawKeyPaper(place: HTMLElement, file: Bytes, kid: string, label: string): void {
  const text = new TextDecoder().decode(file);
  const sheet = element(
    "div",
    "key-paper",
    element("h3", "", say(WORDS.title)),
    element("p", "", ...(label ? [say(WORDS.label, { label }), element("br", "")] : []), say(WORDS.kid, { kid })),
    drawCode(text),
    element("p", "", say(WORDS.keep)),
    element("p", "", say(WORDS.back)),
    element("p", "mono key-paper__text", text),
  );
  const print = element("button", "btn btn-secondary", icon("printer"), say(WORDS.print));
  print.type = "button";
  print.addEventListener("click", () => printAlone(sheet));
  place.replaceChildren(sheet, element("p", "action-bar", print));
  place.hidden = false;
}
