import type { AnswerThreshold, KnowledgeSearching, RetrievalMean } from "@treadle/contract";

/** What a run searches, fixed when it starts. */
export type RunSettings = {
  readonly searching: KnowledgeSearching;
  readonly principals: readonly string[];
  readonly limit: number;
  readonly overlap: number;
  /** The questions of the set when the run started. */
  readonly questions: number;
};

/** The results of a whole run. */
export type RunSummary = {
  readonly questions: number;
  readonly failures: number;
  readonly lostJudgements: number;
  readonly measures: RetrievalMean[];
  readonly latencyP50Ms: number | null;
  readonly latencyP95Ms: number | null;
  readonly answerThreshold: AnswerThreshold;
};
