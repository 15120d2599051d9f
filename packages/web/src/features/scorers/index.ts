export { outputWords } from "./kind-words.ts";
export { correctedOf, estimateWords, rateName } from "./rate-words.ts";
export { ScoreRates } from "./score-rates.tsx";
export { formatValue, isShare } from "./score-value.ts";
export { scorerRoutes } from "./scorer-routes.ts";
export { ScorerSubpages } from "./scorer-subpages.tsx";
export { type ScoreRate, useScoreRates } from "./use-score-rates.ts";
export { type Scorer, type ScorerKind, useJudgeNames, useKinds, useScorers } from "./use-scorers.ts";
