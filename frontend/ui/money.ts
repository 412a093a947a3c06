/** Money as text: reading what people type, figures, and 大写. The twin of core.money; fen are bigint. */

const LIMIT_FEN = 10n ** 18n;
const SCALE: Readonly<Record<string, number>> = { "": 2, 元: 2, 万: 6, 万元: 6, 亿: 10, 亿元: 10 };
const AMOUNT = /^¥?(\d{1,3}(?:,\d{3})+|\d{1,19})(?:\.(\d{1,12}))?(亿元|万元|亿|万|元)?$/;
const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const UNITS = ["", "拾", "佰", "仟"] as const;

/** Fen of "33,663,580.16", "￥33663580.16" or "3,366.36万元"; null when it is no amount. */
export function parseYuan(text: string): bigint | null {
  const match = AMOUNT.exec(text.normalize("NFKC").replace(/\s/g, ""));
  if (!match) return null;
  const [, whole = "0", fraction = "", unit = ""] = match;
  const places = SCALE[unit] ?? 2;
  const digits = fraction.padEnd(places, "0");
  if (/[1-9]/.test(digits.slice(places))) return null;
  const fen = BigInt(whole.replaceAll(",", "") + digits.slice(0, places));
  return fen < LIMIT_FEN ? fen : null;
}

/** `33663580.16`, the form that is stored and sent. */
export function plainYuan(fen: bigint): string {
  return `${fen / 100n}.${String(fen % 100n).padStart(2, "0")}`;
}

/** `33,663,580.16`. */
export function yuan(fen: bigint): string {
  return plainYuan(fen).replace(/\B(?=(\d{3})+\.)/g, ",");
}

/** `3,366.36`, rounded half up, to stand beside the exact amount. */
export function wan(fen: bigint): string {
  return yuan((fen + 5000n) / 10000n);
}

function belowTenThousand(number: number): string {
  let said = "";
  let owed = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(number / 10 ** place) % 10;
    if (digit) {
      said += (owed ? "零" : "") + DIGITS.charAt(digit) + UNITS[place];
      owed = false;
    } else {
      owed = said !== "";
    }
  }
  return said;
}

/** A positive integer; 万 and 亿 nest, so that 10^12 is 壹万亿. */
function inWords(number: bigint): string {
  for (const [size, unit] of [
    [100_000_000n, "亿"],
    [10_000n, "万"],
  ] as const) {
    const high = number / size;
    const low = number % size;
    if (!high) continue;
    const head = inWords(high) + unit;
    if (!low) return head;
    return head + (low < size / 10n ? "零" : "") + inWords(low);
  }
  return belowTenThousand(Number(number));
}

/** 大写 by the rules for bank forms: 叁仟叁佰陆拾陆万叁仟伍佰捌拾元壹角陆分. */
export function uppercase(fen: bigint): string {
  if (fen < 0n || fen >= LIMIT_FEN) throw new RangeError("this amount cannot be written in words");
  const whole = fen / 100n;
  const jiao = Number((fen / 10n) % 10n);
  const cent = Number(fen % 10n);
  const head = whole ? `${inWords(whole)}元` : "";
  if (!jiao && !cent) return `${head || "零元"}整`;
  if (!cent) return `${head}${DIGITS.charAt(jiao)}角整`;
  if (!jiao) return `${head}${whole ? "零" : ""}${DIGITS.charAt(cent)}分`;
  return `${head}${DIGITS.charAt(jiao)}角${DIGITS.charAt(cent)}分`;
}
