import { newId } from "../../../kernel/ids.ts";
import type { FoundTopic, KnownTopicOrder, TopicsAnswer } from "./cluster/orders.ts";
import type { RunRow } from "./run-store.ts";
import type { MemberRow, ResultRow, TopicRow } from "./topic-store.ts";
import type { TraceRow } from "./trace-store.ts";

/** The rows of a run's topics. Topics and results are in the order in which they were found. */
export type StoredTopics = {
  readonly topics: readonly TopicRow[];
  readonly results: readonly ResultRow[];
  readonly members: readonly MemberRow[];
};
type Around = {
  readonly run: RunRow;
  readonly order: readonly TraceRow[];
  readonly before: readonly KnownTopicOrder[];
  readonly now: number;
};

const WORDS_IN_LABEL = 3;
/** Of the traces in no topic. */
export const OTHER_LABEL = "Other";

export function toStored({ topics: found }: TopicsAnswer, around: Around): StoredTopics {
  const { run, order, now } = around;
  const ids = found.map(({ matched }) => matched ?? newId("topic", now));
  const labels = labelsOf(found);
  const parentOf = ({ parent }: FoundTopic) => (parent === null ? null : (ids[parent] ?? null));
  const { projectId } = run;
  return {
    topics: found.map((_topic, place) => ({
      id: ids[place] ?? "",
      projectId,
      label: labels[place] ?? "",
      labelSource: "words",
      firstSeenAt: new Date(now),
    })),
    results: found.map((topic, place) => ({
      runId: run.id,
      topicId: ids[place] ?? "",
      projectId,
      parentId: parentOf(topic),
      traces: topic.rows.length,
      facts: factsOf(topic, around),
      center: [...topic.center],
      radius: topic.radius,
    })),
    members: membersOf(found, { ids, order, run }),
  };
}

const factsOf = (topic: FoundTopic, { before, order }: Around): ResultRow["facts"] => ({
  ...topic.numbers,
  words: [...topic.words],
  growth: topic.growth,
  isOther: topic.isOther,
  // In the first run, no topic is news.
  isNew: before.length > 0 && topic.matched === null && !topic.isOther,
  isDistant: topic.isDistant && topic.matched === null,
  examples: topic.examples.flatMap((row) => exampleOf(order[row])),
});

const exampleOf = (row: TraceRow | undefined) =>
  row ? [{ traceId: row.trace_id, at: new Date(row.at_ms).toISOString() }] : [];

/** The first words of each topic, or a number if it has none. Equal labels get a number. */
function labelsOf(found: readonly FoundTopic[]): string[] {
  const used = new Map<string, number>();
  return found.map(({ words, isOther }, place) => {
    if (isOther) return OTHER_LABEL;
    const label = words.slice(0, WORDS_IN_LABEL).join(", ") || `Topic ${place + 1}`;
    const times = (used.get(label) ?? 0) + 1;
    used.set(label, times);
    return times === 1 ? label : `${label} (${times})`;
  });
}

type Placing = { readonly ids: readonly string[]; readonly order: readonly TraceRow[]; readonly run: RunRow };

/** Each trace with its subtopic, or its topic if that has none. */
function membersOf(found: readonly FoundTopic[], { ids, order, run }: Placing): MemberRow[] {
  const members = new Map<number, MemberRow>();
  for (const [place, topic] of found.entries())
    for (const [at, row] of topic.rows.entries()) {
      const trace = order[row];
      if (!trace) continue;
      members.set(row, {
        runId: run.id,
        projectId: run.projectId,
        traceId: trace.trace_id,
        topicId: ids[place] ?? "",
        parentId: topic.parent === null ? null : (ids[topic.parent] ?? null),
        at: new Date(trace.at_ms),
        similarity: topic.cosines[at] ?? 0,
      });
    }
  return [...members.values()];
}
