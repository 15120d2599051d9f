export { ScorerSubpages } from "./list/scorer-subpages.tsx";
export { scorerRoutes } from "./scorer-routes.ts";
export { outputWords } from "./shared/kind-words.ts";
export { correctedOf, estimateWords, rateName } from "./shared/rate-words.ts";
export { ScoreRates } from "./shared/score-rates.tsx";
export { formatValue, isShare } from "./shared/score-value.ts";
export { type ScoreRate, useScoreRates } from "./shared/use-score-rates.ts";
export { type Scorer, type ScorerKind, useKinds, useModelNames, useScorers } from "./shared/use-scorers.ts";
