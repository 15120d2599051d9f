import type { TopicGrowth } from "@treadle/contract";
import type { TopicNumbers, TraceFacts } from "./topic-numbers.ts";

/** A topic of the run before. */
export type KnownTopicOrder = {
  readonly topicId: string;
  readonly parentId: string | null;
  /** Whether it has the traces in no topic. */
  readonly isOther: boolean;
  readonly center: readonly number[];
  readonly radius: number;
  /** The ids of its traces. */
  readonly members: readonly string[];
};

export type TopicsOrder = {
  readonly traceIds: readonly string[];
  readonly texts: readonly string[];
  readonly facts: readonly TraceFacts[];
  /** The rows whose texts were embedded, and their vectors. */
  readonly embedded: readonly number[];
  readonly vectors: readonly ArrayLike<number>[];
  readonly size: number;
  /** The number of topics. Null selects one. */
  readonly topics: number | null;
  readonly before: readonly KnownTopicOrder[];
  readonly fromMs: number;
  readonly toMs: number;
};

export type FoundTopic = {
  /** The topic of the run before that it continues. */
  readonly matched: string | null;
  /** The place of its topic in the list, for a subtopic. */
  readonly parent: number | null;
  readonly center: readonly number[];
  readonly radius: number;
  readonly rows: readonly number[];
  readonly cosines: readonly number[];
  readonly isDistant: boolean;
  /** Whether it has the rows in no topic. It has no center. */
  readonly isOther: boolean;
  readonly words: readonly string[];
  readonly growth: TopicGrowth | null;
  readonly numbers: TopicNumbers;
  /** Rows, most typical first. */
  readonly examples: readonly number[];
};
export type TopicsAnswer = { readonly topics: readonly FoundTopic[] };

/** The requests to the thread that finds topics, and its results. */
export type TopicOrders = { readonly find: { readonly order: TopicsOrder; readonly answer: TopicsAnswer } };
