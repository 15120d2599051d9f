import { z } from "zod";
import { content } from "../../content.ts";
import { PageQuery, pageOf, StoredTime, Timestamp } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import { SpanFilterText } from "../filter/filter-text.ts";

export const MOST_TOPIC_TRACES = 20_000;

const filter = content(SpanFilterText.describe("The traces, in the filter language. Empty for all."), "filter");
const days = z.number().int().min(2).max(90);

export const TopicLabelling = z.strictObject({
  isEnabled: z.boolean().default(false),
  model: z.string().trim().max(300).default("").describe("A chat model or an endpoint of the project."),
  maxUsd: z.number().gt(0).max(100).default(0.5).describe("Labelling stops before a call that could exceed this."),
  maxCalls: z.number().int().min(1).max(500).default(50),
});
export type TopicLabelling = z.output<typeof TopicLabelling>;

export const TopicSettings = z
  .strictObject({
    isScheduled: z.boolean().default(false).describe("Runs every day."),
    hour: z.number().int().min(0).max(23).default(3).describe("The hour of the daily run (UTC)."),
    filter: filter.default(""),
    days: days.default(14).describe("The time range up to the run. Its second half is compared with its first."),
    mostTraces: z.number().int().min(50).max(MOST_TOPIC_TRACES).default(10_000).describe("A sample of more traces."),
    topics: z.number().int().min(2).max(50).nullable().default(null).describe("Null selects a number by the traces."),
    labelling: TopicLabelling.prefault({}),
  })
  .refine(({ labelling }) => !labelling.isEnabled || labelling.model !== "", {
    message: "needs a model. Choose one, or turn labelling off",
    path: ["labelling", "model"],
  });
export type TopicSettings = z.output<typeof TopicSettings>;

/** A share's change against the time range before, in shares of traces. */
export const TopicGrowth = z.object({
  difference: z.number(),
  lower: z.number().describe("The ends of the 95 % confidence interval (Newcombe)."),
  upper: z.number(),
  pValue: z.number().describe("After Benjamini and Hochberg over all topics of the level."),
  verdict: z.enum(["growing", "shrinking", "inconclusive"]),
});
export type TopicGrowth = z.output<typeof TopicGrowth>;

export const TopicDay = z.object({ day: z.string(), traces: z.number(), share: z.number().nullable() });

export const Topic = z.object({
  topicId: z.string().describe("Stable over runs."),
  parentId: z.string().nullable(),
  label: content(z.string()),
  labelSource: z.enum(["words", "model", "person"]),
  words: content(z.array(z.string()).describe("The words that distinguish its texts from all others.")),
  isNew: z.boolean().describe("No topic of the run before is similar."),
  isDistant: z.boolean().describe("Found as a group of texts that are far from all topics of the run before."),
  isOther: z.boolean().describe("Has the traces that are in no topic, so that shares add up to 1."),
  firstSeenAt: Timestamp,
  traces: z.number(),
  share: z.number(),
  days: z.array(TopicDay),
  growth: TopicGrowth.nullable().describe("Null without traces in the first half of the time range."),
  errorRate: z.number(),
  costUsd: z.number().nullable().describe("Per trace. Null if no price is known."),
  durationP50Ms: z.number().nullable(),
  durationP95Ms: z.number().nullable(),
  feedback: z.number().nullable().describe("The mean of the numeric feedback. Null without any."),
  feedbackCount: z.number(),
  examples: z.array(z.object({ traceId: z.string(), at: Timestamp, text: content(z.string()) })),
  isContentHidden: z.boolean().optional(),
});
export type Topic = z.output<typeof Topic>;

export const TopicRun = z.object({
  runId: z.string(),
  jobId: z.string(),
  status: z.enum(["queued", "running", "done", "failed", "canceled"]),
  error: z.string(),
  from: Timestamp,
  to: Timestamp,
  filter: z.string(),
  traces: z.number().describe("Traces with an input text."),
  matching: z.number().describe("Traces that matched, before sampling."),
  embedded: z.number().describe("Traces whose text was embedded; the rest are placed by their words."),
  topics: z.number(),
  newTopics: z.number(),
  labelCalls: z.number(),
  labelCostUsd: z.number().nullable(),
  labelNote: z.string().describe("Why labelling stopped early. Empty if it did not."),
  startedBy: z.string(),
  createdAt: Timestamp,
  finishedAt: Timestamp.nullable(),
});
export type TopicRun = z.output<typeof TopicRun>;

export const TopicRunInput = z.strictObject({
  from: StoredTime.optional().describe("By default, the settings' number of days before `to`."),
  to: StoredTime.optional().describe("Now if omitted."),
  filter: filter.optional().describe("By default, the filter of the settings."),
});
export type TopicRunInput = z.output<typeof TopicRunInput>;

export const TopicTrace = z.object({
  traceId: z.string(),
  topicId: z.string(),
  at: Timestamp,
  similarity: z.number().describe("To the center of its topic, up to 1."),
});
export type TopicTrace = z.output<typeof TopicTrace>;

const params = z.object({ topicId: z.string().max(100) });
const runId = z.string().max(100).optional().describe("The newest complete run if omitted.");

export const topicsApi = defineApi({
  "GET /api/v1/topics": {
    name: "listTopics",
    summary: "The topics and subtopics of a run, largest first",
    permission: "incidents:read",
    query: PageQuery.extend({ runId }),
    response: pageOf(Topic).extend({ run: TopicRun.nullable() }),
  },
  "PATCH /api/v1/topics/:topicId": {
    name: "renameTopic",
    summary: "Give a topic a label, which later runs retain; an empty label restores the generated label",
    permission: "incidents:write",
    params,
    body: z.strictObject({ label: z.string().trim().max(200) }),
    response: Topic,
  },
  "GET /api/v1/topics/:topicId/traces": {
    name: "listTopicTraces",
    summary: "The traces of a topic, most typical first; stored for the two newest runs",
    permission: "incidents:read",
    params,
    query: PageQuery.extend({ runId }),
    response: pageOf(TopicTrace),
  },
  "GET /api/v1/topic-runs": {
    name: "listTopicRuns",
    summary: "The runs that found topics, newest first",
    permission: "incidents:read",
    query: PageQuery,
    response: pageOf(TopicRun),
  },
  "POST /api/v1/topic-runs": {
    name: "createTopicRun",
    summary: "Find the topics of traces now, in the background",
    permission: "incidents:write",
    body: TopicRunInput,
    example: { filter: "environment:production" },
    response: TopicRun,
    status: 202,
  },
  "GET /api/v1/topic-settings": {
    name: "getTopicSettings",
    summary: "When topics are found, in which traces, and how they are labelled",
    permission: "incidents:read",
    response: TopicSettings,
  },
  "PUT /api/v1/topic-settings": {
    name: "updateTopicSettings",
    summary: "Change when and how topics are found",
    permission: "incidents:write",
    body: TopicSettings,
    example: { isScheduled: true, filter: "environment:production", days: 14 },
    response: TopicSettings,
  },
});
