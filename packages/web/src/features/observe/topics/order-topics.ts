import type { Topic } from "./use-topics.ts";

export type TopicRow = { readonly topic: Topic; readonly isSub: boolean };

/** Topics, largest first and Other last, each followed by its subtopics if it is unfolded. */
export function orderTopics(topics: readonly Topic[], unfolded: ReadonlySet<string>): TopicRow[] {
  const bySize = (one: Topic, other: Topic) =>
    Number(one.isOther) - Number(other.isOther) || other.traces - one.traces || (one.topicId < other.topicId ? -1 : 1);
  const subs = Map.groupBy(
    topics.filter(({ parentId }) => parentId !== null),
    ({ parentId }) => parentId,
  );
  return topics
    .filter(({ parentId }) => parentId === null)
    .sort(bySize)
    .flatMap((topic) => [
      { topic, isSub: false },
      ...(unfolded.has(topic.topicId) ? (subs.get(topic.topicId) ?? []).sort(bySize) : []).map((sub) => ({
        topic: sub,
        isSub: true,
      })),
    ]);
}

/** The change of a topic in words, which say whether it is noise. */
export function growthWords({ growth, isNew }: Pick<Topic, "growth" | "isNew">): string {
  if (isNew) return "new";
  if (growth === null) return "no earlier traces";
  const points = `${growth.difference >= 0 ? "+" : "−"}${Math.abs(growth.difference * 100).toFixed(1)} points`;
  return growth.verdict === "inconclusive" ? `${points}, within noise` : `${growth.verdict}, ${points}`;
}

export const labelOf = ({ label, isOther }: Pick<Topic, "label" | "isOther">) =>
  label || (isOther ? "Other" : "Hidden");
