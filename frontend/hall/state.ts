/** What a viewer knows of a hall: the state of `GET /hall/<lot>/snapshot`, and the frames that change it. */

export type SeatState = "SEALED" | "RELEASED" | "OPENED" | "UNRELEASED" | "UNOPENED";

export interface Security {
  readonly status?: string;
  readonly code?: string | null;
}

export interface Seat {
  readonly seat: number;
  readonly name: string;
  readonly short_name: string;
  readonly members: readonly string[];
  readonly received_at: string;
  readonly signed_in: boolean;
  readonly security: Security;
  readonly state: SeatState;
  readonly code: string;
  readonly attribution: string;
  readonly price_fen: number | null;
  readonly duration_days: number | null;
  readonly quality: string | null;
  readonly manager: string | null;
  readonly answer: string | null;
}

export interface HallObjection {
  readonly id: string;
  readonly seat: number;
  readonly text: string;
  readonly at: string;
  readonly answer: string;
}

export interface HallMessage {
  readonly id: string;
  readonly by_host: boolean;
  readonly private: boolean;
  readonly party: string | null;
  readonly text: string;
  readonly at: string;
}

export interface Me {
  readonly party: string;
  readonly signed_in_at: string | null;
  readonly bid: string | null;
  readonly seat: number | null;
}

export interface HallState {
  readonly lot: {
    readonly id: string;
    readonly code: string;
    readonly title: string;
    readonly deadline_at: string | null;
    readonly ceiling_fen: number | null;
  };
  readonly stages: readonly string[];
  readonly stage: string;
  readonly closed: boolean;
  readonly failed: string | null;
  readonly ends_at: string | null;
  readonly suspended: string | null;
  readonly staff: Readonly<Record<string, string>>;
  readonly seats: readonly Seat[];
  readonly host_released: boolean;
  readonly objections: readonly HallObjection[];
  readonly record_hash: string;
  readonly record_sha256: string;
  readonly published: boolean;
  readonly messages: readonly HallMessage[];
  readonly me: Me | null;
  /** Only for the desk: how many bids there are once they are counted, and who sits where. */
  readonly count?: number | null;
  readonly parties?: Readonly<Record<string, number>>;
}

export interface Snapshot {
  readonly epoch: number;
  readonly streams: Readonly<Record<string, number>>;
  readonly state: HallState;
}

/** One event: stream, number, name, body, moment. */
export interface Frame {
  readonly s: string;
  readonly n: number;
  readonly e: string;
  readonly b: never;
  readonly at: string;
}
