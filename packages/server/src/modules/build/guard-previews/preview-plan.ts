import type { GuardPreview } from "@treadle/contract";

/** What a preview reads, and under which rules. It is fixed at the start. */
export type PreviewPlan = Pick<GuardPreview, "rules" | "appliesTo" | "filter" | "sampleSize" | "from" | "to"> & {
  /** The name of the endpoint in `appliesTo`, as spans store it. */
  readonly endpoint: string | null;
};
