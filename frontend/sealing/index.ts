/** The browser's twin of the Python package `sealing`; SPEC.md there is the text for both. */

export * as bytes from "./bytes";
export * as canonical from "./canonical";
export * as checkpoint from "./checkpoint";
export * as digests from "./digests";
export * as encoding from "./encoding";
export * as envelope from "./envelope";
export * as form from "./form";
export * as header from "./header";
export * as keys from "./keys";
export * as log from "./log";
export * as merkle from "./merkle";
export * as pkg from "./package";
export * as reading from "./reading";
export * as receipts from "./receipts";
export * as recovery from "./recovery";
export * as shares from "./shares";
export * as splitting from "./splitting";
export * as stream from "./stream";
export * as suites from "./suites";
export { SealingError } from "./errors";
