/** The one error of sealing: a code of SPEC.md §12, the same as the server's. */

export type Code =
  | "NOT_ENCRYPTED"
  | "MALFORMED"
  | "UNKNOWN_SUITE"
  | "TRUNCATED"
  | "TRAILING"
  | "WRONG_CONTEXT"
  | "WRONG_KEY"
  | "COMMITMENT"
  | "CORRUPT"
  | "FORM"
  | "PACKAGE"
  | "TOO_LARGE"
  | "SOURCE"
  | "KEY_FILE"
  | "PASSPHRASE"
  | "RECEIPT"
  | "CHECKPOINT"
  | "PROOF"
  | "ENTRY";

export class SealingError extends Error {
  constructor(
    readonly code: Code,
    readonly detail = "",
  ) {
    super(detail ? `${code}: ${detail}` : code);
    this.name = "SealingError";
  }
}

/** Runs `act` and gives every refusal in it this code. */
export function as<T>(code: Code, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof SealingError) throw new SealingError(code, error.detail);
    throw error;
  }
}
