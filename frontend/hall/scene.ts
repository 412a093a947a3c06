/**
 * The seats of the virtual hall, drawn from the state and from nothing else.
 *
 * Before the list every viewer sees the same forty grey figures: nothing can be counted, and the
 * own figure stands at the same place for everybody. Afterwards a seat is head, shoulders and a
 * plate with number, short name and state, told by colour, icon and words.
 */

import { say } from "../ui/words";
import type { HallState, Seat } from "./state";
import { WORDS, lookOf } from "./words";

const SPACE = "http://www.w3.org/2000/svg";
const WIDTH = 1600;
const TOP = 552;
const HEIGHT = 268;
const FIGURES = 40;
const COLUMNS: readonly (readonly [number, number])[] = [
  [6, 6],
  [12, 6],
  [21, 7],
  [32, 8],
  [40, 10],
  [60, 12],
];
const MOST_COLUMNS = 15;
const NAMED_FROM = 84; // plates narrower than this carry the number alone
const GLYPH = 15;

function shape<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>>,
  ...children: (Node | string)[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

interface Grid {
  readonly columns: number;
  readonly wide: number;
  readonly tall: number;
  readonly scale: number;
}

function grid(count: number): Grid {
  const columns = COLUMNS.find(([most]) => count <= most)?.[1] ?? MOST_COLUMNS;
  const rows = Math.ceil(count / columns);
  const wide = Math.min(236, (WIDTH - 60) / columns);
  const tall = Math.min(118, HEIGHT / rows);
  return { columns, wide, tall, scale: Math.min(1.9, tall / 64, wide / 84) };
}

/** Where the figure at a place stands: rows centred, the front ones a little wider. */
function spot(place: number, count: number, { columns, wide, tall }: Grid): readonly [number, number] {
  const line = Math.floor(place / columns);
  const rows = Math.ceil(count / columns);
  const here = line === rows - 1 ? count - line * columns : columns;
  const spread = wide * (0.94 + (0.06 * (line + 1)) / rows);
  const x = WIDTH / 2 + (place - line * columns - (here - 1) / 2) * spread;
  return [x, TOP + (line + 0.5) * tall];
}

function person(scale: number): SVGGElement {
  return shape(
    "g",
    { class: "seat__person", transform: `scale(${scale.toFixed(2)})` },
    shape("circle", { cx: 0, cy: -14, r: 9 }),
    shape("path", { d: "M-18 14c0-12 8-18 18-18s18 6 18 18z" }),
  );
}

function pictogram(name: string, x: number, y: number, size: number): SVGUseElement {
  const href = `${document.body.dataset["icons"] ?? ""}#${name}`;
  return shape("use", { href, x, y, width: size, height: size, class: "seat__icon" });
}

function shortened(name: string, room: number): string {
  return name.length > room ? `${name.slice(0, Math.max(1, room - 1))}…` : name;
}

function plate(seat: Seat, state: HallState, cells: Grid): SVGGElement {
  const { icon } = lookOf(seat, state);
  const wide = Math.min(cells.wide - 8, 168);
  const mine = seat.seat === state.me?.seat;
  const number = mine ? say(WORDS.seatMe, { seat: seat.seat }) : String(seat.seat);
  const room = Math.floor((wide - 44 - number.length * 8) / GLYPH);
  const words = wide >= NAMED_FROM ? `${number} ${shortened(seat.short_name, room)}` : number;
  const y = 16 * cells.scale;
  return shape(
    "g",
    { class: "seat__plate", transform: `translate(0 ${y.toFixed(1)})` },
    shape("rect", { x: -wide / 2, y: -2, width: wide, height: 24, rx: 4 }),
    shape("text", { x: -wide / 2 + 7, y: 15.5 }, words),
    pictogram(icon, wide / 2 - 22, 2, 17),
  );
}

function seatOf(seat: Seat, place: number, state: HallState, cells: Grid): SVGGElement {
  const { state: look, word } = lookOf(seat, state);
  const [x, y] = spot(place, state.seats.length, cells);
  const mine = seat.seat === state.me?.seat;
  const label = `${say(WORDS.seatNo, { seat: seat.seat })} ${seat.name} ${word}`;
  const made = shape(
    "g",
    { class: "seat", transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, role: "img", "aria-label": label },
    shape("title", {}, label),
  );
  made.dataset["seat"] = String(seat.seat);
  made.dataset["state"] = look;
  if (mine) {
    made.dataset["mine"] = "";
    const wide = Math.min(cells.wide - 8, 168) + 10;
    const high = 26 * cells.scale;
    made.append(shape("rect", { class: "seat__halo", x: -wide / 2, y: -high, width: wide, height: high + 16 * cells.scale + 30, rx: 8 }));
  }
  made.append(person(cells.scale), plate(seat, state, cells));
  return made;
}

function figure(place: number, cells: Grid, mine: boolean): SVGGElement {
  const [x, y] = spot(place, FIGURES, cells);
  const made = shape(
    "g",
    { class: "seat seat--empty", transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, "aria-hidden": "true" },
    person(cells.scale),
  );
  if (mine) {
    made.dataset["mine"] = "";
    made.append(shape("text", { class: "seat__me", y: 34 * cells.scale }, say(WORDS.waitingHere)));
  }
  return made;
}

/** Draws the seats; a redraw replaces only those whose look has changed. */
export class Scene {
  private drawn = new Map<number, string>();
  private kind = "";

  constructor(private readonly seats: SVGGElement) {}

  draw(state: HallState): void {
    const kind = `${state.seats.length} ${state.me !== null} ${state.me?.seat ?? ""}`;
    const count = state.seats.length || FIGURES;
    const cells = grid(count);
    if (kind !== this.kind) {
      this.kind = kind;
      this.drawn.clear();
      this.seats.replaceChildren();
      // The front row's middle: the same place whoever looks.
      const own = FIGURES - cells.columns / 2;
      if (!state.seats.length) {
        this.seats.append(...Array.from({ length: FIGURES }, (_none, place) => figure(place, cells, state.me !== null && place === own)));
      }
    }
    for (const [place, seat] of state.seats.entries()) {
      const look = lookOf(seat, state).state;
      if (this.drawn.get(seat.seat) === look) continue;
      const fresh = seatOf(seat, place, state, cells);
      const old = this.seats.querySelector(`[data-seat="${seat.seat}"]`);
      if (old) old.replaceWith(fresh);
      else this.seats.append(fresh);
      this.drawn.set(seat.seat, look);
    }
  }
}
