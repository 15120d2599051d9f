import type { DriftDayReport } from "@treadle/contract";

/** An example without its text, which is read from the trace. Items of datasets have the text. */
export type StoredExample = {
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly userId: string;
  readonly score: number;
  readonly text: string;
};

/** The result of a day as it is stored: without texts of traces, except for single words. */
export type StoredResult = Pick<
  DriftDayReport,
  | "referenceTexts"
  | "currentTexts"
  | "matching"
  | "summary"
  | "signals"
  | "explanations"
  | "embeddedTexts"
  | "clusters"
  | "words"
> & {
  readonly durationMs: number;
  readonly currentExamples: readonly StoredExample[];
  readonly referenceExamples: readonly StoredExample[];
};
