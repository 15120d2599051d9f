export { type DawidSkene, type DawidSkeneOptions, dawidSkene, type RaterSkill } from "./dawid-skene.ts";
export { type Mace, type MaceOptions, mace, type RaterCompetence } from "./mace.ts";
export { agreementWeights, majorityVote, type RaterAccuracy, raterAccuracy, weightedVote } from "./majority.ts";
export { type RaterValue, standardiseByRater } from "./rater-scale.ts";
export type { ItemTruth, Vote } from "./votes.ts";
