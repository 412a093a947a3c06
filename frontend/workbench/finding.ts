/** Where a text stands on a page: its places among the page's pieces, and their boxes on screen. */

import { Util, type PageViewport } from "pdfjs-dist";

export interface Piece {
  readonly str: string;
  readonly width: number;
  readonly height: number;
  readonly transform: number[];
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How often a text stands in another, not counting overlaps. */
export function count(held: string, wanted: string): number {
  return wanted ? held.toLowerCase().split(wanted.toLowerCase()).length - 1 : 0;
}

/** The boxes over each place of a text, a box a piece; a place may run on into the next piece. */
export function boxes(pieces: readonly Piece[], wanted: string, viewport: PageViewport): Box[] {
  const held = pieces.map((piece) => piece.str).join("").toLowerCase();
  const sought = wanted.toLowerCase();
  const found: Box[] = [];
  for (let at = held.indexOf(sought); at >= 0; at = held.indexOf(sought, at + sought.length)) {
    let start = 0;
    for (const piece of pieces) {
      const end = start + piece.str.length;
      const from = Math.max(at, start);
      const to = Math.min(at + sought.length, end);
      if (from < to) found.push(box(piece, (from - start) / piece.str.length, (to - start) / piece.str.length, viewport));
      start = end;
    }
  }
  return found;
}

/** A share of a piece, taken as evenly wide: true of Chinese, near enough for a marking of the rest. */
function box(piece: Piece, from: number, to: number, viewport: PageViewport): Box {
  const [, , , , left, base] = Util.transform(viewport.transform, piece.transform) as number[];
  const wide = piece.width * viewport.scale;
  const high = (piece.height || Math.abs(piece.transform[3] ?? 0)) * viewport.scale;
  return { left: left! + wide * from, top: base! - high, width: wide * (to - from), height: high * 1.2 };
}
