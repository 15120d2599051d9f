import { z } from "zod";
import { variantName } from "../build/routing.ts";
import { Done, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { AbTestInput } from "./ab-test-plan.ts";
import { AbTestReport, AbTestSegments } from "./ab-test-report.ts";

export const AB_TEST_STATES = ["draft", "running", "stopped", "decided"] as const;
export type AbTestState = (typeof AB_TEST_STATES)[number];

/** What the shares of the units outside the holdout were computed from. */
export const AbTestShare = z.object({
  variant: z.string(),
  share: z.number(),
  units: z.number().describe("Units with a value of the goal, inside and outside the holdout."),
  value: z.number().nullable().describe("The mean of the goal over these units."),
});
export type AbTestShare = z.output<typeof AbTestShare>;

export const AbTest = z.object({
  abTestId: z.string(),
  ...AbTestInput.shape,
  endpoint: z.string().describe("The endpoint's name."),
  state: z.enum(AB_TEST_STATES),
  winner: z.string().nullable().describe("The variant that was picked."),
  shares: z
    .array(AbTestShare)
    .nullable()
    .describe(
      "The shares outside the holdout, with the newest counts. Null for a fixed split, and until each variant has 100 units.",
    ),
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type AbTest = z.output<typeof AbTest>;

/** One change of a test, with the numbers it was made from. */
export const AbTestEvent = z.object({
  eventId: z.string(),
  at: Timestamp,
  kind: z.enum(["created", "changed", "started", "stopped", "decided", "shares"]),
  message: z.string(),
  report: AbTestReport.nullable(),
  shares: z.array(AbTestShare).nullable().describe("Of a change of adaptive shares."),
  actor: z.string().describe("A person or an API key."),
});
export type AbTestEvent = z.output<typeof AbTestEvent>;

const EventQuery = PageQuery.extend({
  only: z
    .enum(["shares", "decisions"])
    .optional()
    .describe("`shares`: changes of adaptive shares. `decisions`: all other events."),
});

const params = z.object({ abTestId: z.string() });
const EXAMPLE = {
  name: "Shorter prompt",
  endpointId: "end_01jd",
  control: "current",
  arms: [
    { variant: "current", share: 0.5 },
    { variant: "short-prompt", share: 0.5 },
  ],
  metrics: [
    { metric: { kind: "error" }, margin: 0.01 },
    { metric: { kind: "cost" }, margin: 0.1 },
    { metric: { kind: "score", name: "helpful" }, direction: "higher", margin: 0.05 },
  ],
} satisfies z.input<typeof AbTestInput>;

export const abTestsApi = defineApi({
  "GET /api/v1/ab-tests": {
    name: "listAbTests",
    summary: "The project's A/B tests, newest first",
    permission: "endpoints:read",
    query: PageQuery.extend({
      endpointId: z.string().max(100).optional(),
      state: z.enum(AB_TEST_STATES).optional(),
    }),
    response: pageOf(AbTest),
  },
  "POST /api/v1/ab-tests": {
    name: "createAbTest",
    summary: "Create the draft of an A/B test: variants divide an endpoint's traffic by fixed or adaptive shares",
    description: "A draft changes no traffic. Start it when it is complete.",
    permission: "endpoints:write",
    body: AbTestInput,
    example: EXAMPLE,
    response: AbTest,
    status: 201,
  },
  "GET /api/v1/ab-tests/:abTestId": {
    name: "getAbTest",
    summary: "One A/B test",
    permission: "endpoints:read",
    params,
    response: AbTest,
  },
  "PUT /api/v1/ab-tests/:abTestId": {
    name: "replaceAbTest",
    summary: "Replace a draft",
    permission: "endpoints:write",
    params,
    body: AbTestInput,
    example: EXAMPLE,
    response: AbTest,
  },
  "DELETE /api/v1/ab-tests/:abTestId": {
    name: "deleteAbTest",
    summary: "Delete a draft. A test that has started remains as a record",
    permission: "endpoints:write",
    params,
    response: Done,
  },
  "POST /api/v1/ab-tests/:abTestId/start": {
    name: "startAbTest",
    summary: "Start a draft: its arms divide the traffic from the next request on",
    permission: "endpoints:write",
    params,
    response: AbTest,
  },
  "POST /api/v1/ab-tests/:abTestId/stop": {
    name: "stopAbTest",
    summary: "Stop a test: the weights divide the traffic again",
    permission: "endpoints:write",
    params,
    response: AbTest,
  },
  "POST /api/v1/ab-tests/:abTestId/pick": {
    name: "pickAbTestWinner",
    summary: "Pick the winner: it gets the weight of all arms in a new version of the endpoint",
    description: "The test may run or be stopped. The other arms get the weight 0.",
    permission: "endpoints:write",
    params,
    body: z.strictObject({ variant: variantName }),
    example: { variant: "short-prompt" },
    response: AbTest,
  },
  "GET /api/v1/ab-tests/:abTestId/report": {
    name: "getAbTestReport",
    summary: "What the test has shown: each metric of each arm with intervals that hold at every look",
    permission: "endpoints:read",
    params,
    response: AbTestReport,
  },
  "GET /api/v1/ab-tests/:abTestId/segments": {
    name: "getAbTestSegments",
    summary: "The report by tag or by a value of the metadata, corrected for the number of segments",
    permission: "endpoints:read",
    params,
    query: z.object({
      by: z
        .string()
        .regex(/^(tag|metadata:.{1,200})$/, "write `tag`, or `metadata:` and a key such as `metadata:plan`")
        .describe("`tag`, or `metadata:` and a key."),
    }),
    response: AbTestSegments,
  },
  "GET /api/v1/ab-tests/:abTestId/events": {
    name: "listAbTestEvents",
    summary: "The changes of a test, newest first",
    permission: "endpoints:read",
    params,
    query: EventQuery,
    response: pageOf(AbTestEvent),
  },
});
