/**
 * One frame later: the next state from the last. Pure, and the same for every viewer.
 *
 * Streams come in order each, but in no order among themselves: no part of the state is written
 * from two of them.
 * An old snapshot with all frames since is equal to a fresh snapshot; tests hold every act of an
 * opening to that. Events that say nothing of the hall leave the state as it is.
 */

import type { Frame, HallMessage, HallState, Me, Seat, Security } from "./state";

type Change<Body> = (state: HallState, body: Body, frame: Frame) => HallState;
type SeatChange = Partial<Omit<Seat, "seat">>;

const UNREAD = {
  security: {},
  state: "SEALED",
  code: "",
  attribution: "",
  price_fen: null,
  duration_days: null,
  quality: null,
  manager: null,
  answer: null,
} as const;

const LIVE: ReadonlySet<string> = new Set(["SEALED", "RELEASED"]);

function change<Body>(act: Change<Body>): Change<never> {
  return act as Change<never>;
}

function atSeat(state: HallState, number: number, seat: SeatChange): HallState {
  return { ...state, seats: state.seats.map((one) => (one.seat === number ? { ...one, ...seat } : one)) };
}

function withMe(state: HallState, me: Partial<Me>): HallState {
  return { ...state, me: state.me && { ...state.me, ...me } };
}

function heard(state: HallState, message: HallMessage): HallState {
  const messages = [...state.messages, message];
  messages.sort((one, other) => (`${one.at}${one.id}` < `${other.at}${other.id}` ? -1 : 1));
  return { ...state, messages };
}

interface Line {
  readonly seat: number;
  readonly price_fen: number | null;
  readonly duration_days: number | null;
  readonly quality: string | null;
  readonly manager: string | null;
}

interface Told {
  readonly message: string;
  readonly by_host: boolean;
  readonly text: string;
}

const CHANGES: Readonly<Record<string, Change<never>>> = {
  "tender.amended": change<{ deadline_at: string }>((state, { deadline_at }) => ({
    ...state,
    lot: { ...state.lot, deadline_at },
  })),
  "tender.resumed": change<{ deadline_at: string }>((state, { deadline_at }) => ({
    ...state,
    lot: { ...state.lot, deadline_at },
  })),
  "lot.closed": change((state) => ({ ...state, closed: true })),
  "bid.received": change<{ bid: string }>((state, { bid }) => withMe(state, { bid })),
  "bid.withdrawn": change((state) => withMe(state, { bid: null })),
  "hall.stage": change<{ stage: string; ends_at: string | null }>((state, { stage, ends_at }) => ({
    ...state,
    stage,
    ends_at,
  })),
  "hall.staff": change<{ staff: Record<string, string> }>((state, { staff }) => ({ ...state, staff })),
  "hall.signed_in": change((state, _body, { at }) => withMe(state, { signed_in_at: at })),
  "hall.counted": change<{ count: number }>((state, { count }) => ({ ...state, count })),
  "hall.listed": change<{ seats: readonly Seat[] }>((state, { seats }) => ({
    ...state,
    seats: seats.map((seat) => ({ ...UNREAD, ...seat })),
  })),
  "hall.seat": change<{ seat: number; bid: string }>((state, { seat, bid }) => withMe(state, { seat, bid })),
  "hall.parties": change<{ parties: Record<string, number> }>((state, { parties }) => ({ ...state, parties })),
  "hall.deposits": change<{ deposits: readonly (Security & { seat: number })[] }>((state, { deposits }) => {
    const known = new Map(deposits.map(({ seat, ...security }) => [seat, security]));
    return { ...state, seats: state.seats.map((one) => ({ ...one, security: known.get(one.seat) ?? one.security })) };
  }),
  "hall.released": change<{ seat: number }>((state, { seat }) =>
    atSeat(state, seat, { state: "RELEASED", code: "" }),
  ),
  "hall.release_failed": change<{ seat: number; code: string }>((state, { seat, code }) =>
    atSeat(state, seat, { code }),
  ),
  "hall.extended": change<{ ends_at: string }>((state, { ends_at }) => ({ ...state, ends_at })),
  "hall.reopened": change<{ ends_at: string; seats: readonly { seat: number; code: string }[] }>(
    (state, { ends_at, seats }) =>
      seats.reduce<HallState>((next, { seat, code }) => atSeat(next, seat, { state: "SEALED", code, attribution: "" }), {
        ...state,
        stage: "DECRYPT_BIDDER",
        ends_at,
      }),
  ),
  "hall.lapsed": change<{ seat: number; code: string; attribution: string }>((state, { seat, code, attribution }) =>
    atSeat(state, seat, { state: "UNRELEASED", code, attribution }),
  ),
  "hall.host_released": change((state) => ({ ...state, host_released: true })),
  "hall.opened": change((state) => ({
    ...state,
    seats: state.seats.map((one) => (one.state === "RELEASED" ? { ...one, state: "OPENED" } : one)),
  })),
  "hall.read_out": change<{ ceiling_fen: number | null; lines: readonly Line[] }>((state, { ceiling_fen, lines }) =>
    lines.reduce(
      (next, { seat, price_fen, duration_days, quality, manager }) =>
        atSeat(next, seat, { price_fen, duration_days, quality, manager }),
      { ...state, lot: { ...state.lot, ceiling_fen } },
    ),
  ),
  "hall.objection": change<{ objection: string; seat: number; text: string }>(
    (state, { objection, seat, text }, { at }) => ({
      ...state,
      objections: [...state.objections, { id: objection, seat, text, at, answer: "" }],
    }),
  ),
  "hall.objection_answered": change<{ objection: string; answer: string }>((state, { objection, answer }) => ({
    ...state,
    objections: state.objections.map((one) => (one.id === objection ? { ...one, answer } : one)),
  })),
  "hall.record": change<{ record_hash: string }>((state, { record_hash }) => ({ ...state, record_hash })),
  "hall.answered": change<{ seat: number; answer: string }>((state, { seat, answer }) =>
    atSeat(state, seat, { answer }),
  ),
  "hall.suspended": change<{ reason: string }>((state, { reason }) => ({ ...state, suspended: reason })),
  "hall.resumed": change<{ ends_at: string | null }>((state, { ends_at }) => ({ ...state, suspended: null, ends_at })),
  "hall.message": change<Told>((state, { message, by_host, text }, { s, at }) =>
    heard(state, { id: message, by_host, private: !s.endsWith("/public"), party: null, text, at }),
  ),
  "hall.call": change<Told & { party: string }>((state, { message, party, by_host, text }, { at }) =>
    heard(state, { id: message, by_host, private: true, party, text, at }),
  ),
  "hall.ended": change<{ record_sha256: string }>((state, { record_sha256 }) => ({ ...state, record_sha256 })),
  "hall.failed": change<{ code: string }>((state, { code }) => ({
    ...state,
    stage: "FAILED",
    // What was still sealed stays so for good.
    seats: state.seats.map((one) => (LIVE.has(one.state) ? { ...one, state: "UNOPENED", code: "" } : one)),
    failed: code,
    suspended: null,
    ends_at: null,
  })),
  "hall.document": change((state) => ({ ...state, published: true })),
};

/** The state after one more frame. */
export function reduce(state: HallState, frame: Frame): HallState {
  const act = CHANGES[frame.e];
  return act ? act(state, frame.b, frame) : state;
}
