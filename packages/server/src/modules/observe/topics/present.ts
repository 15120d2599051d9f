import type { Topic, TopicRun } from "@treadle/contract";
import type { RunRow } from "./run-store.ts";
import type { ShownTopic } from "./topic-store.ts";

export const toRun = ({ id, jobId, status, error, plan, counts, ...row }: RunRow): TopicRun => ({
  runId: id,
  jobId,
  status,
  error,
  from: plan.from,
  to: plan.to,
  filter: plan.filter,
  ...counts,
  startedBy: row.startedBy,
  createdAt: row.createdAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
});

/** A topic of a run with the texts of its examples. Deleted traces are left out. */
export function toTopic({ facts, ...row }: ShownTopic, texts: ReadonlyMap<string, string>): Topic {
  const { examples, ...numbers } = facts;
  return {
    topicId: row.topicId,
    parentId: row.parentId,
    label: row.label,
    labelSource: row.labelSource,
    firstSeenAt: row.firstSeenAt.toISOString(),
    traces: row.traces,
    ...numbers,
    examples: examples.flatMap(({ traceId, at }) => {
      const text = texts.get(traceId);
      return text === undefined ? [] : [{ traceId, at, text }];
    }),
  };
}
