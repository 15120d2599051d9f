export { experimentRoutes } from "./experiment-routes.ts";
export { DatasetFields } from "./new/dataset-fields.tsx";
export {
  type DraftMessage,
  type DraftScorer,
  type ItemsDraft,
  type Problems,
  versionOf,
} from "./new/experiment-draft.ts";
export { MessageFields } from "./new/message-fields.tsx";
export { PromptFields } from "./new/prompt-fields.tsx";
export { ScorerFields } from "./new/scorer-fields.tsx";
export { placeLabels, scaleOf, ticksOf } from "./results/frontier-scale.ts";
export { spentWords } from "./shared/experiment-progress.tsx";
export { IntervalBar } from "./shared/interval-bar.tsx";
export { useModelNames } from "./shared/use-choices.ts";
export { Verdict } from "./shared/verdict.tsx";
export { differenceRange, differenceWords, pWords, stopWords, testWords } from "./shared/words.ts";
