import { toRow } from "../rows/span-row.ts";
import { makeSpan, NOTHING } from "./make-span.ts";

/** A row as the store reads it: with what was left out, since it is empty. */
export const wholeRow = (stored: Readonly<Record<string, unknown>>) => ({
  ...toRow("", makeSpan(NOTHING), false),
  ...stored,
});
