/**
 * The big screen: one thing a step. Countdown, progress, or a page of eight lines.
 *
 * Pages turn every twelve seconds and can be stopped; the own line is on the first page shown.
 */

import { left, serverNow } from "../ui/clock";
import { element } from "../ui/dom";
import { yuan } from "../ui/money";
import { say } from "../ui/words";
import { ownSeat } from "./doing";
import { stateMark } from "./list";
import type { HallState, Seat } from "./state";
import { WORDS, durationWord, lookOf, securityWord } from "./words";

export const LINES = 8;
const PRICES = new Set(["READ_OUT", "OBJECTION", "CONFIRM", "SIGN", "END"]);
const DECRYPTING = new Set(["DECRYPT_BIDDER", "DECRYPT_TENDERER", "RECOUNT"]);

export interface Parts {
  readonly title: HTMLElement;
  readonly note: HTMLElement;
  readonly body: HTMLElement;
  readonly pager: HTMLElement;
}

export function pages(state: HallState): number {
  return Math.max(1, Math.ceil(state.seats.length / LINES));
}

/** The page that has the own seat. */
export function ownPage(state: HallState): number {
  const place = state.seats.findIndex((one) => one.seat === state.me?.seat);
  return Math.max(0, Math.floor(place / LINES));
}

function countdown(words: string, to: string): HTMLElement {
  const time = element("time", "board__time", left(Date.parse(to) - serverNow()));
  time.dateTime = to;
  time.dataset["hp"] = "countdown";
  return element("div", "board__big", element("p", "", words), time);
}

function table(state: HallState, page: number, priced: boolean): HTMLElement {
  const heads = priced
    ? [WORDS.number, WORDS.name, WORDS.price, durationWord(), WORDS.quality, WORDS.manager, WORDS.state]
    : [WORDS.number, WORDS.name, WORDS.security, WORDS.state];
  const line = (seat: Seat): HTMLTableRowElement => {
    const mine = seat.seat === ownSeat(state)?.seat;
    const cells: readonly (Node | string)[] = priced
      ? [
          seat.price_fen === null ? "—" : yuan(BigInt(seat.price_fen)),
          seat.duration_days === null ? "" : say(WORDS.days, { days: seat.duration_days }),
          seat.quality ?? "",
          seat.manager ?? "",
          stateMark(seat, state),
        ]
      : [securityWord(seat), stateMark(seat, state)];
    const name = element("th", "", mine ? `${seat.short_name}（${say(WORDS.me)}）` : seat.short_name);
    name.scope = "row";
    const made = element("tr", mine ? "is-mine" : "", element("td", "num", String(seat.seat)), name);
    made.append(...cells.map((content, place) => element("td", priced && place < 2 ? "num" : "", content)));
    return made;
  };
  const columns = heads.map((words, place) => {
    const head = element("th", place === 0 || (priced && (place === 2 || place === 3)) ? "num" : "", typeof words === "string" ? words : say(words));
    head.scope = "col";
    return head;
  });
  const shown = state.seats.slice(page * LINES, (page + 1) * LINES);
  return element(
    "table",
    "board__table",
    element("thead", "", element("tr", "", ...columns)),
    element("tbody", "", ...shown.map(line)),
  );
}

function progress(state: HallState): HTMLElement {
  const done = state.seats.filter((one) => one.state === "RELEASED" || one.state === "OPENED").length;
  const bar = element("progress", "board__bar");
  bar.max = state.seats.length;
  bar.value = done;
  bar.setAttribute("aria-label", say(WORDS.decrypting));
  const words = element("p", "board__count", say(WORDS.released, { done, count: state.seats.length }));
  const counts = new Map<string, number>();
  for (const seat of state.seats) {
    const { word } = lookOf(seat, state);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const told = [...counts].map(([word, count]) => element("li", "", element("strong", "", String(count)), word));
  const clock = state.stage === "DECRYPT_BIDDER" && state.ends_at ? [countdown("", state.ends_at)] : [];
  return element("div", "board__big", ...clock, words, bar, element("ul", "board__counts", ...told));
}

function big(words: string, more = ""): HTMLElement {
  return element("div", "board__big", element("p", "board__words", words), element("p", "", more));
}

/** Draws a page of the screen. */
export function drawBoard({ title, note, body, pager }: Parts, state: HallState, page: number): void {
  const priced = PRICES.has(state.stage);
  const listed = state.seats.length > 0 && !DECRYPTING.has(state.stage) && state.stage !== "FAILED";
  const paged = listed && pages(state) > 1;
  pager.hidden = !paged;
  pager.querySelector("[data-part=page]")?.replaceChildren(
    say(WORDS.page, { page: page + 1, pages: pages(state) }),
  );
  const { ceiling_fen } = state.lot;
  const ceiling = ceiling_fen === null ? say(WORDS.noCeiling) : say(WORDS.ceiling, { amount: yuan(BigInt(ceiling_fen)) });
  note.replaceChildren(priced ? ceiling : "");
  if (state.suspended !== null) {
    title.replaceChildren("");
    body.replaceChildren(big(say(WORDS.suspended, { reason: state.suspended })));
  } else if (state.stage === "FAILED") {
    title.replaceChildren("");
    body.replaceChildren(big(say(state.failed === "TERMINATED" ? WORDS.terminated : WORDS.failed)));
  } else if (listed) {
    title.replaceChildren(priced ? "" : say(WORDS.listed, { count: state.seats.length }));
    body.replaceChildren(table(state, page, priced));
  } else if (state.seats.length) {
    title.replaceChildren("");
    body.replaceChildren(progress(state));
  } else {
    title.replaceChildren("");
    const waiting = !state.closed && state.lot.deadline_at;
    body.replaceChildren(waiting ? countdown(say(WORDS.untilDeadline), waiting) : big(say(WORDS.closed)));
  }
}
