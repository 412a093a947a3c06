/** What this viewer can do now, and its own seat: the twin of `next_act` in trading/hall_words.py. */

import type { HallState, Seat } from "./state";

export type Doing = "over" | "watch" | "paused" | "sign-in" | "release" | "confirm" | "wait";

const SIGNING_IN = new Set(["SIGN_IN", "START", "COUNT_CHECK"]);
const OVER = new Set(["FAILED", "END"]);
const OBJECTING = new Set(["READ_OUT", "OBJECTION"]);
const BEFORE_LIST = new Set(["LOBBY", "SIGN_IN", "START", "COUNT_CHECK"]);

export function ownSeat(state: HallState): Seat | null {
  return state.seats.find((one) => one.seat === state.me?.seat) ?? null;
}

export function nextAct(state: HallState): Doing {
  const { stage, me } = state;
  const seat = ownSeat(state);
  if (OVER.has(stage)) return "over";
  if (me === null) return "watch";
  if (state.suspended !== null) return "paused";
  if (SIGNING_IN.has(stage) && me.signed_in_at === null) return "sign-in";
  if (stage === "DECRYPT_BIDDER" && seat?.state === "SEALED") return "release";
  if (stage === "CONFIRM" && seat?.state === "OPENED" && seat.answer === null) return "confirm";
  return "wait";
}

export function mayObject(state: HallState): boolean {
  return ownSeat(state) !== null && OBJECTING.has(state.stage) && state.suspended === null;
}

export function mayCall(state: HallState): boolean {
  return state.me !== null && !BEFORE_LIST.has(state.stage) && !OVER.has(state.stage);
}
