import type { TopicSettings } from "@treadle/contract";

export const DEFAULT_TOPIC_SETTINGS: TopicSettings = {
  isScheduled: false,
  hour: 3,
  filter: "",
  days: 14,
  mostTraces: 10_000,
  topics: null,
  labelling: { isEnabled: false, model: "", maxUsd: 0.5, maxCalls: 50 },
};
