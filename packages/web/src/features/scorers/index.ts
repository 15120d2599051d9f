export { outputWords } from "./kind-words.ts";
export { formatValue, isShare } from "./score-value.ts";
export { scorerRoutes } from "./scorer-routes.ts";
export { ScorerSubpages } from "./scorer-subpages.tsx";
export { type Scorer, type ScorerKind, useJudgeNames, useKinds, useScorers } from "./use-scorers.ts";
