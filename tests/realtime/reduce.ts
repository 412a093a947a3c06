/** Reads `[{state, frames, expected}]` from stdin and prints the places where the reducer differs. */

import { reduce } from "../../frontend/hall/reducer";
import type { Frame, HallState } from "../../frontend/hall/state";

declare const process: { readonly stdin: AsyncIterable<Uint8Array>; readonly stdout: { write(text: string): void } };

interface Case {
  readonly state: HallState;
  readonly frames: readonly Frame[];
  readonly expected: HallState;
}

/** JSON with sorted keys: two values are equal when their texts are. */
function spelled(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    one && typeof one === "object" && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

const read: Uint8Array[] = [];
for await (const piece of process.stdin) read.push(piece);
const text = new TextDecoder().decode(await new Blob(read as BlobPart[]).arrayBuffer());
const wrong = (JSON.parse(text) as readonly Case[])
  .map(({ state, frames, expected }) => ({ made: spelled(frames.reduce(reduce, state)), expected: spelled(expected), frames }))
  .filter(({ made, expected }) => made !== expected);
process.stdout.write(JSON.stringify(wrong));
