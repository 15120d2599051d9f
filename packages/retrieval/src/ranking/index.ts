export type { Allowed } from "./allowed.ts";
export type { ScoredOrdinal } from "./top-scores.ts";
