import { FEEDBACK_SIGNALS, FEEDBACK_SOURCES, type FeedbackFilter } from "@treadle/contract";
import type { RangeSearch } from "../../../components/time/time-range.ts";

/** What of the address the list of feedback reads. */
export type FeedbackSearch = RangeSearch & {
  search?: string;
  name?: string;
  value?: string;
  source?: string;
  signal?: string;
  has?: string;
  userId?: string;
  traceId?: string;
  sessionId?: string;
};

/** What of the address the list of scores reads. */
export type ScoresSearch = { search?: string; archived?: string };

export const HAS_WORDS = {
  comment: "A comment",
  correction: "A correction",
  expectedOutput: "An expected output",
  value: "A value",
} as const satisfies Record<NonNullable<FeedbackFilter["has"]>, string>;
export const SOURCE_WORDS = {
  api: "API",
  widget: "End users",
  ui: "Treadle UI",
  otel: "OpenTelemetry",
} as const satisfies Record<(typeof FEEDBACK_SOURCES)[number], string>;

const oneOf = <Name extends string>(names: readonly Name[], word: string | undefined): Name | undefined =>
  names.find((name) => name === word);
const HAS = ["comment", "correction", "expectedOutput", "value"] as const;

/** The address without what means nothing. */
export const readFeedbackSearch = ({ range, from, to, ...search }: FeedbackSearch): FeedbackSearch => ({
  range: range || undefined,
  from: from || undefined,
  to: to || undefined,
  search: search.search || undefined,
  name: search.name || undefined,
  value: search.value || undefined,
  userId: search.userId || undefined,
  traceId: search.traceId || undefined,
  sessionId: search.sessionId || undefined,
  ...filterOf(search),
});

/** The parts of the address that are one of a few words. */
const filterOf = ({ source, signal, has }: FeedbackSearch) => ({
  source: oneOf(FEEDBACK_SOURCES, source),
  signal: oneOf(FEEDBACK_SIGNALS, signal),
  has: oneOf(HAS, has),
});

/** The filter that the address asks for, without its time. */
export const toFilter = (search: FeedbackSearch): FeedbackFilter => ({
  search: search.search,
  name: search.name,
  value: search.value,
  userId: search.userId,
  traceId: search.traceId,
  sessionId: search.sessionId,
  ...filterOf(search),
});

/** Whether the address narrows the list by anything but time. */
export const isNarrowed = (search: FeedbackSearch): boolean =>
  Object.values(toFilter(search)).some((value) => value !== undefined);
