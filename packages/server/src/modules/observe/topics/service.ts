import type { TopicSettings } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { DEFAULT_TOPIC_SETTINGS } from "./default-settings.ts";
import type { TopicsDeps } from "./deps.ts";
import { createTopicReading } from "./read-topics.ts";
import { createTopicProjectStore } from "./run-store.ts";
import { createTopicsJob, TOPICS_KIND } from "./run-topics.ts";
import { createRuns } from "./runs.ts";
import { createTopicSchedule, type TopicSchedule } from "./schedule-topics.ts";

/** What people ask: groups of similar inputs, found in runs. */
export function createTopics(deps: TopicsDeps) {
  deps.jobs.register(TOPICS_KIND, createTopicsJob(deps));
  const runs = createRuns(deps);
  const schedule = createTopicSchedule(deps, runs.create);
  return {
    runs,
    start: schedule.start,
    ...createTopicReading(deps, runs.get),
    ...createTopicSettings(deps, schedule),
  };
}
export type Topics = ReturnType<typeof createTopics>;

const createTopicSettings = ({ db, audit }: TopicsDeps, schedule: TopicSchedule) => ({
  async getSettings({ projectId }: Scope): Promise<TopicSettings> {
    return (await createTopicProjectStore(db).find(projectId))?.settings ?? DEFAULT_TOPIC_SETTINGS;
  },

  async updateSettings(scope: Scope, settings: TopicSettings): Promise<TopicSettings> {
    if (settings.labelling.isEnabled && !scope.permissions.has("gateway:use"))
      throw new AppError("forbidden", { message: "Labelling calls a model, which needs the permission gateway:use." });
    await db.transaction(async (tx) => {
      await createTopicProjectStore(tx).save(scope.projectId, settings);
      if (settings.isScheduled) await schedule.follow(scope.projectId, tx);
      const { isScheduled, filter, labelling } = settings;
      const details = { isScheduled, filter, isLabelled: labelling.isEnabled };
      await audit.record(scope, { action: "topics.settings", target: scope.projectId, details }, tx);
    });
    return settings;
  },
});
