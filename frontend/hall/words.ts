/** The sentences of the hall. */

import type { Words } from "../ui/words";
import { say } from "../ui/words";
import type { HallState, Seat } from "./state";

const STATES: Readonly<Record<string, Words>> = {
  absent: { zh: "未签到", en: "Not checked in" },
  present: { zh: "已签到", en: "Checked in" },
  waiting: { zh: "待解密", en: "To decrypt" },
  retry: { zh: "密钥不符", en: "Wrong key" },
  released: { zh: "已解密", en: "Decrypted" },
  opened: { zh: "已开启", en: "Opened" },
  sealed: { zh: "未解密", en: "Still sealed" },
  confirmed: { zh: "已确认", en: "Confirmed" },
  objected: { zh: "有异议", en: "Objects" },
  silent: { zh: "未答复", en: "No answer" },
};

const SECURITIES: Readonly<Record<string, Words>> = {
  LOCKED: { zh: "到账", en: "Received" },
  MATCHED: { zh: "到账", en: "Received" },
  GUARANTEE: { zh: "保函", en: "Guarantee" },
  WAIVED: { zh: "免收", en: "Waived" },
  UNPAID: { zh: "未到账", en: "Not received" },
  MISMATCH: { zh: "不符", en: "Mismatch" },
  NONE: { zh: "不收取", en: "None asked" },
};

/** What the days offered are called: for works, for goods, for services; the page knows its tender. */
export function durationWord(): string {
  return document.querySelector<HTMLElement>("[data-duration]")?.dataset["duration"] ?? "";
}

/** How a seat looks: name of the state, icon in the sprite. */
export interface Look {
  readonly state: string;
  readonly icon: string;
  readonly word: string;
}

const ICONS: Readonly<Record<string, string>> = {
  absent: "minus",
  present: "circle-dot",
  waiting: "lock",
  retry: "key",
  released: "lock-open",
  opened: "circle-check",
  sealed: "circle-x",
  confirmed: "circle-check",
  objected: "flag",
  silent: "minus",
};

const DECRYPTING = new Set(["DECRYPT_BIDDER", "DECRYPT_TENDERER"]);
const ANSWERS: Readonly<Record<string, string>> = { confirm: "confirmed", object: "objected", silent: "silent" };

function stateOf(seat: Seat, hall: HallState): string {
  if (seat.answer) return ANSWERS[seat.answer] ?? "silent";
  if (seat.state === "SEALED") {
    if (seat.code) return "retry";
    if (DECRYPTING.has(hall.stage)) return "waiting";
    return seat.signed_in ? "present" : "absent";
  }
  return { RELEASED: "released", OPENED: "opened", UNRELEASED: "sealed", UNOPENED: "sealed" }[seat.state];
}

export function lookOf(seat: Seat, hall: HallState): Look {
  const state = stateOf(seat, hall);
  const word = STATES[state];
  return { state, icon: ICONS[state] ?? "point", word: word ? say(word) : "" };
}

export function look(state: string): Look {
  const word = STATES[state];
  return { state, icon: ICONS[state] ?? "point", word: word ? say(word) : "" };
}

export function securityWord(seat: Seat): string {
  const { status, code } = seat.security;
  if (!status) return "";
  const word = SECURITIES[status];
  const said = word ? say(word) : status;
  return code ? `${said} ${code}` : said;
}

export const WORDS = {
  connected: { zh: "已连接", en: "Connected" },
  rtt: { zh: "已连接 · {rtt} ms", en: "Connected, {rtt} ms" },
  polling: { zh: "已连接（轮询）", en: "Connected (polling)" },
  off: { zh: "正在重连", en: "Reconnecting" },
  toList: { zh: "列表视图", en: "List" },
  toScene: { zh: "场景视图", en: "Scene" },
  pause: { zh: "暂停翻页", en: "Stop turning" },
  play: { zh: "继续翻页", en: "Turn pages" },
  host: { zh: "主持人", en: "Host" },
  you: { zh: "您", en: "You" },
  bidder: { zh: "投标人", en: "Bidder" },
  seatNo: { zh: "{seat} 号", en: "No. {seat}" },
  me: { zh: "我", en: "me" },
  seatMe: { zh: "{seat} 我", en: "{seat} me" },
  days: { zh: "{days} 天", en: "{days} days" },
  answer: { zh: "答复：{answer}", en: "Answer: {answer}" },
  answered: { zh: "您已答复开标记录，请等待其他投标人。", en: "You have answered the record; waiting for the others." },
  decrypted: { zh: "您已解密，请等待公布报价。", en: "You have decrypted; waiting for the prices." },
  tallyReleased: { zh: "{done}/{count} 家已解密", en: "{done} of {count} decrypted" },
  tallyAnswered: { zh: "{done}/{count} 家已答复", en: "{done} of {count} answered" },
  unanswered: { zh: "等待主持人答复", en: "Waiting for the host" },
  page: { zh: "第 {page}/{pages} 页", en: "Page {page} of {pages}" },
  ceiling: { zh: "最高投标限价 ¥{amount}", en: "Ceiling ¥{amount}" },
  noCeiling: { zh: "未设最高投标限价", en: "No ceiling" },
  untilDeadline: { zh: "距投标截止", en: "Until the deadline" },
  closed: { zh: "投标已截止", en: "Bidding is closed" },
  decrypting: { zh: "投标人解密", en: "Bidders decrypt" },
  released: { zh: "{done} / {count} 家已解密", en: "{done} of {count} decrypted" },
  listed: { zh: "投标人名单，共 {count} 家", en: "{count} bidders" },
  failed: { zh: "本标段流标", en: "This lot has failed" },
  terminated: { zh: "招标已终止", en: "The tender was terminated" },
  ended: { zh: "开标结束", en: "The opening is over" },
  suspended: { zh: "开标暂停：{reason}", en: "Suspended: {reason}" },
  number: { zh: "序号", en: "No." },
  name: { zh: "投标人", en: "Bidder" },
  price: { zh: "投标报价（元）", en: "Price (yuan)" },
  quality: { zh: "质量", en: "Quality" },
  manager: { zh: "项目负责人", en: "Manager" },
  security: { zh: "保证金", en: "Security" },
  state: { zh: "状态", en: "State" },
  receivedAt: { zh: "递交时间", en: "Received" },
  mine: { zh: "我的席位", en: "My seat" },
  waitingHere: { zh: "我", en: "Me" },
} as const;
