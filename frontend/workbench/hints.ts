/** Hints, not orders, drawn from one's own scores alone. */

import { say } from "../ui/words";
import { thousandths, type Sheet } from "./sheet";

const WORDS = {
  equal: { zh: "这一项给所有投标人的分相同", en: "The same score for every bidder here" },
  far: { zh: "与您给其他投标人的平均分相差较大", en: "Far from the average you gave the others" },
  blank: { zh: "这一项还有 {count} 家没有评", en: "{count} bidders still without a score here" },
} as const;

const FAR = 0.5;

export function hints(sheet: Sheet): string[] {
  const leaf = sheet.leaf;
  const found: string[] = [];
  const blank = sheet.bids.length - sheet.filled(leaf);
  if (blank > 0) found.push(say(WORDS.blank, { count: blank }));
  if (leaf.kind !== "judged") return found;
  const values = sheet.bids.map((bid) => thousandths(sheet.cell(bid)?.value ?? ""));
  const given = values.filter((value) => value !== null);
  if (blank === 0 && given.length > 1 && new Set(given).size === 1) found.push(say(WORDS.equal));
  const mine = values[sheet.bidAt] ?? null;
  const others = values.filter((value, at) => at !== sheet.bidAt && value !== null) as number[];
  const top = thousandths(leaf.max) ?? 0;
  if (mine !== null && others.length > 1) {
    const mean = others.reduce((sum, value) => sum + value, 0) / others.length;
    if (Math.abs(mine - mean) > FAR * top) found.push(say(WORDS.far));
  }
  return found;
}
