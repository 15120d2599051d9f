export { DatasetFields } from "./dataset-fields.tsx";
export {
  type DraftMessage,
  type DraftScorer,
  type ItemsDraft,
  type Problems,
  versionOf,
} from "./experiment-draft.ts";
export { spentWords } from "./experiment-progress.tsx";
export { experimentRoutes } from "./experiment-routes.ts";
export { placeLabels, scaleOf, ticksOf } from "./frontier-scale.ts";
export { IntervalBar } from "./interval-bar.tsx";
export { MessageFields } from "./message-fields.tsx";
export { PromptFields } from "./prompt-fields.tsx";
export { ScorerFields } from "./scorer-fields.tsx";
export { useModelNames } from "./use-choices.ts";
export { Verdict } from "./verdict.tsx";
export { differenceRange, differenceWords, pWords, testWords } from "./words.ts";
