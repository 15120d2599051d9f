import { z } from "zod";
import { Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";

export const SPEND_GROUPS = ["key", "user", "tag", "endpoint", "variant", "model", "provider"] as const;
export type SpendGroup = (typeof SPEND_GROUPS)[number];

const at = z.iso.datetime({ offset: true });

export const SpendQuery = z.object({
  by: z.enum(SPEND_GROUPS).default("key").describe("What the rows are grouped by."),
  from: at.optional().describe("30 days before `to` if omitted."),
  to: at.optional().describe("Now if omitted."),
  limit: z.coerce.number().int().min(1).max(1_000).default(100).describe("The rows with the highest cost."),
});
export type SpendQuery = z.output<typeof SpendQuery>;

const totals = {
  requests: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.number(),
  unpriced: z.number().describe("Requests without a known price. They count as 0."),
};

/** The spending of one key, user or other group. A request with two tags is in the rows of both. */
export const SpendRow = z.object({
  value: z.string().describe("Empty for requests without a value."),
  name: z.string().describe("The name of an API key or a person; otherwise the value."),
  ...totals,
});
export type SpendRow = z.infer<typeof SpendRow>;

export const SpendPoint = z.object({ time: Timestamp, requests: z.number(), costUsd: z.number() });
export type SpendPoint = z.infer<typeof SpendPoint>;

export const SpendReport = z.object({
  from: Timestamp,
  to: Timestamp,
  total: z.object(totals),
  groups: z.array(SpendRow),
  stepSeconds: z.number(),
  points: z.array(SpendPoint).describe("The cost over time. Steps without requests are left out."),
});
export type SpendReport = z.infer<typeof SpendReport>;

export const spendApi = defineApi({
  "GET /api/v1/spend": {
    name: "getSpend",
    summary:
      "What the project's calls through the gateway cost, by key, user, tag, endpoint, variant, model or provider",
    permission: "limits:read",
    description: "Read from the ledger, which has one entry for each attempt that a provider answered.",
    query: SpendQuery,
    response: SpendReport,
  },
});
