import type { Evaluation } from "./series-state.ts";

/** What a condition says about one window. */
export type Verdict = Pick<Evaluation, "severity" | "isGood" | "point" | "detector">;
