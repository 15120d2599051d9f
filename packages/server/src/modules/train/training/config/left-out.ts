import { CHOSEN_BY_PROVIDERS, TrainingConfig } from "@treadle/contract";

const chosen: readonly (keyof TrainingConfig)[] = CHOSEN_BY_PROVIDERS;
const usual = TrainingConfig.parse({ base_model: "any", datasets: [{ ref: "any" }] });

/** The keys of a configuration that mean nothing at its provider and yet say something else than what is usual; in words. */
export const leftOutByProvider = (config: TrainingConfig): string[] =>
  config.launcher.type === "provider"
    ? chosen
        .filter((key) => JSON.stringify(config[key]) !== JSON.stringify(usual[key]))
        .map((key) => `\`${key}\` has no effect at a provider and is ignored.`)
    : [];
