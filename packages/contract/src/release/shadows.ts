import { z } from "zod";
import { Name, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { ShadowPair, ShadowResults } from "./shadow-results.ts";

export const SHADOW_STATES = ["running", "paused", "ended"] as const;
export type ShadowState = (typeof SHADOW_STATES)[number];
export const SHADOW_REASONS = ["person", "complete", "configuration", "unknown-price", "endpoint-deleted"] as const;
export type ShadowReason = (typeof SHADOW_REASONS)[number];

/** What is mirrored, and how much of it. */
export const ShadowInput = z.strictObject({
  endpointId: z.string().min(1).max(100),
  candidate: z
    .string()
    .min(1)
    .max(40)
    .describe("The variant of the endpoint that gets the copies. Its weight is usually 0."),
  share: z.number().gt(0).max(1).default(0.1).describe("The share of requests, or of units, that is mirrored."),
  sampleBy: z
    .enum(["request", "unit"])
    .default("request")
    .describe(
      "`unit` mirrors all requests of the chosen users, sessions or conversations: what the endpoint assigns by.",
    ),
  concurrency: z.number().int().min(1).max(32).default(2).describe("Mirrored calls at the same time."),
  queueLength: z.number().int().min(0).max(1_000).default(100).describe("Requests that wait. One more is dropped."),
  maxBytes: z
    .number()
    .int()
    .min(1_000)
    .max(4_000_000)
    .default(100_000)
    .describe("Requests with a larger body are not mirrored."),
  timeoutSeconds: z
    .number()
    .int()
    .min(1)
    .max(600)
    .default(120)
    .describe("A slower answer of the candidate is a timeout."),
  requestsPerDay: z.number().int().min(1).max(100_000).default(1_000).describe("Mirrored requests per day (UTC)."),
  budgetUsdPerDay: z
    .number()
    .gt(0)
    .max(100_000)
    .default(5)
    .describe("A mirrored call that could exceed it is dropped. Models without a cost are not limited."),
  maxPairs: z.number().int().min(1).max(10_000).default(2_000).describe("The shadow ends after this many pairs."),
  personalData: z
    .enum(["redact", "skip", "send"])
    .default("redact")
    .describe(
      "Personal data in a request: replaced by placeholders, a reason to skip the request, or sent to the candidate's provider.",
    ),
  mirrorsFailures: z.boolean().default(false).describe("Whether requests that failed at the primary are mirrored too."),
});
export type ShadowInput = z.output<typeof ShadowInput>;

const count = z.number();

export const ShadowCounts = z.object({
  sampled: count.describe("Answered requests that the share has chosen."),
  answered: count.describe("Mirrored calls that the candidate has answered."),
  failed: count.describe("Mirrored calls that failed at the candidate. They are not repeated."),
  waiting: count.describe("Requests in the queue, or running."),
  lost: count.describe("Requests that waited or ran when the server stopped or the shadow was paused."),
  dropped: z.object({
    queueFull: count,
    tooLarge: count,
    requestCap: count.describe("The requests of the day were used."),
    budget: count.describe("The budget of the day, or a budget of the project, was used."),
    unsafe: count.describe("Personal data that could not be removed, or tools that the provider would run."),
    untranslatable: count.describe("Requests that only the primary's provider understands."),
  }),
  skipped: z.object({
    cache: count.describe("Answers from a cache."),
    failed: count.describe("Requests that failed at the primary."),
    fallback: count.describe("Requests that a fallback answered."),
    candidate: count.describe("Requests that the candidate itself answered."),
  }),
});
export type ShadowCounts = z.infer<typeof ShadowCounts>;

export const Shadow = z.object({
  shadowId: z.string(),
  ...ShadowInput.shape,
  endpoint: z.string().describe("The endpoint's name."),
  state: z.enum(SHADOW_STATES),
  reason: z.enum(SHADOW_REASONS).nullable().describe("Why it is not running. Null while it runs."),
  message: z.string().describe("The same as a sentence."),
  counts: ShadowCounts,
  costUsd: z.number().describe("The cost of all mirrored calls."),
  today: z.object({
    requests: z.number().describe("Mirrored requests since midnight (UTC)."),
    costUsd: z.number(),
  }),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type Shadow = z.output<typeof Shadow>;

export const ShadowWithResults = Shadow.extend({ results: ShadowResults });
export type ShadowWithResults = z.output<typeof ShadowWithResults>;

export const ShadowExperiment = z.object({
  datasetId: z.string(),
  version: z.number(),
  primaryRunId: z.string().describe("The run with the primary's answers."),
  candidateRunId: z.string().describe("The run with the candidate's answers."),
  pairs: z.number(),
});
export type ShadowExperiment = z.output<typeof ShadowExperiment>;

const params = z.object({ shadowId: z.string().max(80) });

export const shadowsApi = defineApi({
  "GET /api/v1/shadows": {
    name: "listShadows",
    summary: "The project's shadows, newest first",
    permission: "endpoints:read",
    query: PageQuery.extend({
      endpointId: z.string().max(100).optional(),
      state: z.enum(SHADOW_STATES).optional(),
    }),
    response: pageOf(Shadow),
  },
  "POST /api/v1/shadows": {
    name: "createShadow",
    summary: "Start a shadow: a sample of an endpoint's requests is repeated with a candidate variant",
    description:
      "The caller has its answer before the request is repeated. An endpoint has at most one shadow that has not ended.",
    permission: "endpoints:write",
    body: ShadowInput,
    example: { endpointId: "end_01jd", candidate: "candidate", share: 0.1, budgetUsdPerDay: 2 },
    response: Shadow,
    status: 201,
  },
  "GET /api/v1/shadows/:shadowId": {
    name: "getShadow",
    summary: "One shadow with its counts and the paired results so far",
    permission: "endpoints:read",
    params,
    response: ShadowWithResults,
  },
  "POST /api/v1/shadows/:shadowId/pause": {
    name: "pauseShadow",
    summary: "Pause a shadow. Requests in its queue are dropped",
    permission: "endpoints:write",
    params,
    response: Shadow,
  },
  "POST /api/v1/shadows/:shadowId/resume": {
    name: "resumeShadow",
    summary: "Resume a paused shadow",
    permission: "endpoints:write",
    params,
    response: Shadow,
  },
  "POST /api/v1/shadows/:shadowId/end": {
    name: "endShadow",
    summary: "End a shadow. Its pairs and results remain",
    permission: "endpoints:write",
    params,
    response: Shadow,
  },
  "GET /api/v1/shadows/:shadowId/pairs": {
    name: "listShadowPairs",
    summary: "The pairs of a shadow: one request, the primary's answer and the candidate's",
    description: "Pairs contain requests and answers, so that the permission is that of traces.",
    permission: "traces:read",
    params,
    query: PageQuery.extend({
      differs: z
        .enum(["true", "false"])
        .transform((word) => word === "true")
        .default(false)
        .describe("Only pairs whose answers differ, or where the candidate failed."),
    }),
    response: pageOf(ShadowPair),
  },
  "POST /api/v1/shadows/:shadowId/experiment": {
    name: "createShadowExperiment",
    summary: "Copy the pairs to a dataset version and two runs, so that scorers and judges can compare them",
    description:
      "Pairs in which both sides answered are copied. The primary's answers are the base of comparisons. The rights to write datasets and experiments are needed too.",
    permission: "experiments:write",
    content: "required",
    params,
    body: z.strictObject({ name: Name.optional().describe("By default, the endpoint and the candidate.") }),
    example: { name: "Support: candidate" },
    response: ShadowExperiment,
    status: 201,
  },
});
