export { type DiversifyOptions, diversify } from "./diversify.ts";
export { fuseByRank, type RankFusionOptions } from "./fuse-by-rank.ts";
export { fuseByScore, type Scored, scaleScores } from "./fuse-by-score.ts";
export type { Fused } from "./ranking.ts";
