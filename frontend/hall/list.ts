/** The hall as a table: the same data as the scene, for reading, printing and screen readers. */

import { left, moment, serverNow } from "../ui/clock";
import { element, icon } from "../ui/dom";
import { yuan } from "../ui/money";
import { say } from "../ui/words";
import type { HallState, Seat } from "./state";
import { WORDS, lookOf, securityWord } from "./words";

/** A state as icon and word. */
export function stateMark(seat: Seat, state: HallState): HTMLElement {
  const { state: name, icon: picture, word } = lookOf(seat, state);
  const mark = element("span", "seat-mark", icon(picture), word);
  mark.dataset["state"] = name;
  return mark;
}

function cell(content: Node | string, classes = ""): HTMLTableCellElement {
  return element("td", classes, content);
}

function row(seat: Seat, state: HallState): HTMLTableRowElement {
  const mine = seat.seat === state.me?.seat;
  const head = element("th", "", seat.name, ...(mine ? [` (${say(WORDS.me)})`] : []));
  head.scope = "row";
  if (seat.members.length) head.append(element("span", "small muted d-block", seat.members.join("、")));
  const made = element(
    "tr",
    mine ? "is-mine" : "",
    cell(String(seat.seat), "num"),
    head,
    cell(moment(Date.parse(seat.received_at)), "nowrap"),
    cell(securityWord(seat)),
    cell(stateMark(seat, state)),
    cell(seat.price_fen === null ? "" : yuan(BigInt(seat.price_fen)), "num"),
    cell(seat.duration_days === null ? "" : say(WORDS.days, { days: seat.duration_days }), "num"),
    cell(seat.quality ?? ""),
    cell(seat.manager ?? ""),
  );
  return made;
}

export function drawList(body: HTMLElement, state: HallState): void {
  body.replaceChildren(...state.seats.map((seat) => row(seat, state)));
}

/** How far the bidders are, in a stage that waits for them. */
function tally({ stage, seats }: HallState): string {
  if (stage === "DECRYPT_BIDDER") {
    const done = seats.filter((one) => one.state !== "SEALED").length;
    return say(WORDS.tallyReleased, { done, count: seats.length });
  }
  if (stage !== "CONFIRM") return "";
  const asked = seats.filter((one) => one.state === "OPENED");
  return say(WORDS.tallyAnswered, { done: asked.filter((one) => one.answer !== null).length, count: asked.length });
}

/** The time that is left and the tally, for whoever does not see the big screen. */
export function drawHead(place: HTMLElement, state: HallState): void {
  const told: (Node | string)[] = [];
  if (state.ends_at && state.suspended === null) {
    const time = element("time", "", left(Date.parse(state.ends_at) - serverNow()));
    time.dateTime = state.ends_at;
    time.dataset["hp"] = "countdown";
    told.push(time);
  }
  const counted = tally(state);
  if (counted) told.push(told.length ? ` · ${counted}` : counted);
  place.replaceChildren(...told);
}
