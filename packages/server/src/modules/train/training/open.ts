import type { Module } from "../../../kernel/module.ts";
import type { RewardDeps } from "./rewards/open-reward-model.ts";
import { createRewardModels, type RewardModels } from "./rewards/reward-models.ts";
import { fineTuningRoutes, trainingRoutes } from "./routes.ts";
import { createTraining, type Training } from "./service.ts";
import type { TrainingDeps } from "./stores/deps.ts";

export function openTraining(deps: TrainingDeps): Module<Training> {
  const api = createTraining(deps);
  return { api, routes: [trainingRoutes(api), fineTuningRoutes(api)] };
}

/** Reward models that score answers, each in a process of the trainer. */
export function openRewardModels(deps: RewardDeps): Module<RewardModels> {
  const api = createRewardModels(deps);
  return { api, routes: [], close: api.close };
}
