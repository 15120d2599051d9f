import type { MonitorInput } from "@treadle/contract";
import type { Reading } from "./reading.ts";

/** A past window of a series. */
export type PastWindow = { readonly end: number; readonly reading: Reading };

/** The end of the first window that is learned. Earlier windows belong to a state that is over. */
export const learnedFrom = ({ condition, windowSeconds }: Pick<MonitorInput, "condition" | "windowSeconds">): number =>
  condition.kind === "change" && condition.learnSince !== null
    ? Date.parse(condition.learnSince) + windowSeconds * 1_000
    : Number.NEGATIVE_INFINITY;
