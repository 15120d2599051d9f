import type { ShadowInput } from "@treadle/contract";

/** What a shadow is made of, without its endpoint. */
export type Plan = Omit<ShadowInput, "endpointId">;
/** The use of a day (UTC). */
export type Day = {
  /** Such as `2026-05-31`. */
  readonly date: string;
  readonly requests: number;
  readonly costUsd: number;
};
