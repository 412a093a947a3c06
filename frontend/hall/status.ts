/** The side column: what is mine, what I do now, what was said. */

import { moment } from "../ui/clock";
import { all, element, maybePart, part } from "../ui/dom";
import { uppercase, yuan } from "../ui/money";
import { say } from "../ui/words";
import { mayCall, mayObject, nextAct, ownSeat } from "./doing";
import { stateMark } from "./list";
import type { HallMessage, HallState } from "./state";
import { WORDS } from "./words";

/** Facts about the own bid, each shown once it is known. */
function drawFacts(within: HTMLElement, state: HallState): void {
  const seat = ownSeat(state);
  const price = seat?.price_fen ?? null;
  const facts: Readonly<Record<string, Node | string>> = {
    seat: seat ? `${say(WORDS.seatNo, { seat: seat.seat })} ${seat.short_name}` : "",
    signed: state.me?.signed_in_at ? moment(Date.parse(state.me.signed_in_at)) : "",
    state: seat ? stateMark(seat, state) : "",
    price: price === null ? "" : `¥${yuan(BigInt(price))}`,
    uppercase: price === null ? "" : uppercase(BigInt(price)),
  };
  for (const [name, value] of Object.entries(facts)) {
    const place = maybePart(within, `fact-${name}`);
    if (!place) continue;
    place.replaceChildren(value);
    for (const one of all(`[data-fact="${name}"]`, within)) one.hidden = value === "";
  }
}

/** Shows the one thing to do, and what may be done beside it. */
function drawDoing(within: HTMLElement, state: HallState): void {
  const doing = nextAct(state);
  for (const one of all("[data-when]", within)) one.hidden = one.dataset["when"] !== doing;
  for (const one of all("[data-while]", within)) {
    one.hidden = !one.dataset["while"]?.split(" ").includes(state.stage);
  }
  for (const one of all("[data-may=object]")) one.hidden = !mayObject(state);
  for (const one of all("[data-may=call]")) one.hidden = !mayCall(state);
  for (const input of all<HTMLInputElement>("input[name=record_sha256]")) input.value = state.record_hash;
}

/** Who has done their part is told so, whatever is said to the others meanwhile. */
function drawOwnPart(within: HTMLElement, state: HallState): void {
  const seat = ownSeat(state);
  const answered = state.stage === "CONFIRM" && seat?.answer;
  const decrypted = state.stage === "DECRYPT_BIDDER" && seat?.state === "RELEASED";
  if (!answered && !decrypted) return;
  const waiting = within.querySelector('[data-when="wait"] [data-part="caption"]');
  if (waiting) waiting.textContent = say(answered ? WORDS.answered : WORDS.decrypted);
}

function author(message: HallMessage, state: HallState): string {
  if (message.by_host) return say(WORDS.host);
  const seat = message.party ? state.parties?.[message.party] : undefined;
  if (seat !== undefined) return say(WORDS.seatNo, { seat });
  return say(state.me && message.private ? WORDS.you : WORDS.bidder);
}

function line(at: string, who: string, text: string, kind: string): HTMLLIElement {
  const time = element("time", "", moment(Date.parse(at)).slice(11));
  time.dateTime = at;
  return element("li", "", time, element("div", "", element("span", `said said--${kind}`, who), " ", text));
}

function drawMessages(list: HTMLElement, state: HallState): void {
  const newest = [...state.messages].reverse();
  list.replaceChildren(
    ...newest.map((one) => line(one.at, author(one, state), one.text, one.by_host ? "host" : "own")),
  );
}

function drawObjections(box: HTMLElement, state: HallState): void {
  box.hidden = state.objections.length === 0;
  const items = state.objections.map(({ seat, text, at, answer }) => {
    const item = line(at, say(WORDS.seatNo, { seat }), text, "objection");
    item.append(element("p", "small", answer ? say(WORDS.answer, { answer }) : say(WORDS.unanswered)));
    return item;
  });
  part(box, "list").replaceChildren(...items);
}

export function drawStatus(hall: HTMLElement, state: HallState): void {
  drawFacts(hall, state);
  drawDoing(hall, state);
  drawOwnPart(hall, state);
  drawMessages(part(hall, "messages"), state);
  drawObjections(part(hall, "objections"), state);
}

/** Moves the bar of steps on. */
export function drawSteps(hall: HTMLElement, state: HallState): void {
  const steps = all("[data-codes]", hall);
  const here = steps.findIndex((one) => one.dataset["codes"]?.split(" ").includes(state.stage));
  for (const [place, step] of steps.entries()) {
    step.classList.toggle("is-done", place < here);
    step.classList.toggle("is-now", place === here);
    if (place === here) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
    const done = maybePart(step, "done");
    if (done) done.hidden = place >= here;
  }
}
