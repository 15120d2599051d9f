import type { FeedbackSettings } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { createPerProject } from "../../../../kernel/per-project.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createScoreConfigStore, type ScoreConfigRow } from "../stores/score-config-store.ts";

/** A project's feedback settings and the allowed values of each name. */
export type ScoreRules = FeedbackSettings & { readonly byName: ReadonlyMap<string, ScoreConfigRow> };

export const DEFAULT_SETTINGS: FeedbackSettings = { isStrict: false, defaultConsent: false };
/** Another server's change is seen after this long. */
const MAX_AGE_MS = 5_000;

/** A project's rules, cached, because all feedback needs them. */
export function createScoreRules({ db, clock }: { readonly db: Postgres; readonly clock: Clock }) {
  const store = createScoreConfigStore(db);
  return createPerProject<ScoreRules>({
    clock,
    maxAgeMs: MAX_AGE_MS,
    async load(projectId) {
      const settings = (await store.findSettings(projectId)) ?? DEFAULT_SETTINGS;
      const configs = await store.listAll(projectId);
      return { ...settings, byName: new Map(configs.map((config) => [config.name, config])) };
    },
  });
}
