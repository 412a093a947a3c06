/** What is said aloud in the hall, as text: one sentence an event, then the prices one by one. */

import { yuan } from "../ui/money";
import type { Words } from "../ui/words";
import { say } from "../ui/words";
import type { Frame, HallState, Seat } from "./state";
import { durationWord } from "./words";

const STAGES: Readonly<Record<string, Words>> = {
  SIGN_IN: { zh: "签到开始，请各投标人签到。", en: "Check-in has begun." },
  START: { zh: "投标截止时间已到，现在开标。", en: "The deadline has passed; the opening begins." },
  COUNT_CHECK: { zh: "正在检查投标人数。", en: "The bids are being counted." },
  LIST: { zh: "现在公布投标人名单。", en: "The list of bidders." },
  DEPOSIT: { zh: "现在查验投标保证金。", en: "The bid securities are checked." },
  PARAM_DRAW: { zh: "现在抽取评标参数。", en: "The parameters are drawn." },
  DECRYPT_BIDDER: { zh: "现在开始解密，请各投标人在规定时间内解密。", en: "Decryption begins; bidders, please decrypt." },
  DECRYPT_TENDERER: { zh: "投标人解密结束，招标人开始解密。", en: "The bidders are done; the host decrypts." },
  RECOUNT: { zh: "解密结束，正在核对数量。", en: "Decryption is over; the bids are counted again." },
  READ_OUT: { zh: "现在公布报价。", en: "The prices." },
  OBJECTION: { zh: "对开标有异议的，请当场提出。", en: "Objections to the opening are heard now." },
  CONFIRM: { zh: "请各投标人核对并确认开标记录。", en: "Bidders, please confirm the record." },
  SIGN: { zh: "工作人员签署开标记录。", en: "The record is being signed." },
  END: { zh: "开标结束，谢谢各位。", en: "The opening is over. Thank you." },
};

const WORDS = {
  failed: { zh: "本标段流标，投标文件不予开启。", en: "The lot has failed; no bid is opened." },
  failedOpened: { zh: "解密成功的投标文件不足三份，本标段流标。", en: "Fewer than three bids could be opened; the lot has failed." },
  terminated: { zh: "招标已终止，投标文件不予开启。", en: "The tender was terminated; no bid is opened." },
  released: { zh: "{name}解密成功。", en: "{name} has decrypted." },
  retry: { zh: "{name}的密钥不符，可以再试。", en: "The key of {name} does not fit; it may try again." },
  lapsed: { zh: "{name}未解密，投标文件保持密封。", en: "{name} has not decrypted; its bid stays sealed." },
  extended: { zh: "解密时间延长：{reason}", en: "More time to decrypt: {reason}" },
  reopened: { zh: "重新开放解密时间，请没有解密的投标人解密：{reason}", en: "Those who have not may decrypt once more: {reason}" },
  suspended: { zh: "开标暂停：{reason}", en: "Suspended: {reason}" },
  resumed: { zh: "开标恢复。", en: "The opening goes on." },
  objection: { zh: "{name}提出异议，请主持人答复。", en: "{name} objects; the host will answer." },
  answered: { zh: "主持人已答复异议。", en: "The host has answered." },
  line: { zh: "正在播报：{seat} 号 {name}，投标报价 {price} 元，{duration} {days} 天", en: "No. {seat} {name}: {price} yuan, {days} days" },
  sealedLine: { zh: "正在播报：{seat} 号 {name}，投标文件未解密", en: "No. {seat} {name}: still sealed" },
} as const;

const ENDINGS: Readonly<Record<string, { zh: string; en: string }>> = {
  FAILED_LT3: WORDS.failed,
  TERMINATED: WORDS.terminated,
};

/** What to say for a state nobody has spoken to yet. */
export function greeting(state: HallState): string {
  if (state.suspended !== null) return say(WORDS.suspended, { reason: state.suspended });
  if (state.stage === "FAILED") return say(ENDINGS[state.failed ?? ""] ?? WORDS.failedOpened);
  const words = STAGES[state.stage];
  return words ? say(words) : "";
}

/** What an event says; null when it is said without words. */
export function caption(state: HallState, frame: Frame): string | null {
  const body = frame.b as Readonly<Record<string, unknown>>;
  const name = state.seats.find((one) => one.seat === body["seat"])?.short_name ?? "";
  const reason = String(body["reason"] ?? "");
  switch (frame.e) {
    case "hall.stage":
    case "hall.failed":
      return greeting(state);
    case "hall.released":
      return say(WORDS.released, { name });
    case "hall.release_failed":
      return say(WORDS.retry, { name });
    case "hall.lapsed":
      return say(WORDS.lapsed, { name });
    case "hall.reopened":
      return say(WORDS.reopened, { reason });
    case "hall.extended":
      return say(WORDS.extended, { reason });
    case "hall.suspended":
      return say(WORDS.suspended, { reason });
    case "hall.resumed":
      return say(WORDS.resumed);
    case "hall.objection":
      return say(WORDS.objection, { name });
    case "hall.objection_answered":
      return say(WORDS.answered);
    case "hall.message":
      return frame.s.endsWith("/public") ? String(body["text"]) : null;
    default:
      return null;
  }
}

/** One line of the read-out. */
export function readLine(seat: Seat): string {
  if (seat.price_fen === null) return say(WORDS.sealedLine, { seat: seat.seat, name: seat.name });
  return say(WORDS.line, {
    seat: seat.seat,
    name: seat.name,
    price: yuan(BigInt(seat.price_fen)),
    duration: durationWord(),
    days: seat.duration_days ?? 0,
  });
}
