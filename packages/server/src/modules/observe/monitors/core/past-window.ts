import type { Reading } from "./reading.ts";

/** A past window of a series. */
export type PastWindow = { readonly end: number; readonly reading: Reading };
