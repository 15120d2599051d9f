import type { CallVerdict, JudgeOrder } from "./judge-calls.ts";

/** The requests to the thread that judges calls, and its results. */
export type PreviewOrders = {
  readonly judge: { readonly order: JudgeOrder; readonly answer: readonly CallVerdict[] };
};
