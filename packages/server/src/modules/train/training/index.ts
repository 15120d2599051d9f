export { openRewardModels, openTraining } from "./open.ts";
export type { RewardModels } from "./rewards/reward-models.ts";
export type { Training } from "./service.ts";
export { readProgress } from "./trainer/read-progress.ts";
