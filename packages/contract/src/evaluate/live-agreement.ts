import { z } from "zod";
import { Severity } from "../observe/watch/monitors.ts";
import { Done, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { Estimate } from "./calibration.ts";

/** Evidence of a worse judge that opens an incident: one false alarm per year on average, with one evaluation per day. */
export const AGREEMENT_THRESHOLD = 365;
/** The number of pairs that make a reference. */
export const FIRST_PAIRS = 50;
/** A calibration or an accepted rate needs so many pairs. */
export const FEWEST_PAIRS = 30;
export const RECENT_DAYS = 30;

const passAt = z
  .number()
  .nullable()
  .describe("The lowest passing score, for people and the judge. Null to compare the values themselves.");
const tolerance = z
  .number()
  .min(0)
  .max(1_000_000)
  .describe("For numbers: scores that are further apart disagree. Ignored for pass or fail and for labels.");

/** Which human scores a judge of a live rule is compared with. */
export const LiveAgreementInput = z.strictObject({
  score: z.string().min(1).max(200).describe("The name of the judge's scores. The rule must have this score."),
  label: z
    .string()
    .min(1)
    .max(200)
    .describe(
      "The name of the human scores: feedback or annotations on the same spans. Feedback on a trace counts if the judge scored one of its spans.",
    ),
  passAt: passAt.default(null),
  tolerance: tolerance.default(0.25),
  severity: Severity.default("warning").describe("The severity of the incident."),
});
export type LiveAgreementInput = z.output<typeof LiveAgreementInput>;

export const AgreementReference = z.object({
  kind: z
    .enum(["calibration", "first-pairs", "accepted"])
    .describe("The pairs of a calibration, the first pairs of live traffic, or a rate that a person accepted."),
  pairs: z.number(),
  disagreements: z.number(),
  day: z.string().describe("Evidence counts pairs after this day (UTC)."),
  setAt: Timestamp,
  calibrationId: z.string().nullable(),
});
export type AgreementReference = z.infer<typeof AgreementReference>;

export const LiveAgreement = z.object({
  agreementId: z.string(),
  ruleId: z.string(),
  score: z.string(),
  label: z.string(),
  scale: z.enum(["pass", "number", "label"]).describe("The method of comparison."),
  passAt,
  tolerance,
  severity: Severity,
  state: z
    .enum(["collecting", "watching", "worse"])
    .describe("`collecting` until there are enough pairs for a reference. `worse` while an incident is open."),
  note: z.string().describe("What is missing, for example the number of pairs. Otherwise empty."),
  reference: AgreementReference.extend({ rate: Estimate }).nullable().describe("Null while pairs are collected."),
  recent: z
    .object({
      pairs: z.number(),
      disagreements: z.number(),
      rate: Estimate.describe("The share of pairs that disagree, with Wilson's interval."),
      kappa: Estimate.describe("Cohen's κ, corrected for chance. For numbers, with quadratic weights."),
    })
    .describe("The last 30 evaluated days."),
  evidence: z
    .number()
    .describe("Evidence that the judge disagrees more often than the upper bound of the reference. Starts at 0."),
  threshold: z.number().describe("Evidence that opens an incident: one false alarm per year on average."),
  worseSince: z.string().nullable().describe("The day (UTC) on which the evidence reached the threshold."),
  lastDay: z.string().describe("The last evaluated day (UTC)."),
  lastError: z.string().describe("Why the last evaluation failed. Otherwise empty."),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type LiveAgreement = z.infer<typeof LiveAgreement>;

export const AgreementDay = z.object({
  day: z.string().describe("UTC."),
  pairs: z.number().describe("The pairs that became complete on this day."),
  disagreements: z.number(),
  evidence: z.number(),
  recent: z.object({ pairs: z.number(), disagreements: z.number(), rate: Estimate, kappa: Estimate }),
});
export type AgreementDay = z.infer<typeof AgreementDay>;

const rule = z.object({ ruleId: z.string().max(100) });
const one = rule.extend({ agreementId: z.string().max(100) });

export const liveAgreementApi = defineApi({
  "GET /api/v1/live-scoring/:ruleId/agreement": {
    name: "listLiveAgreements",
    summary: "How well the judges of a rule agree with people",
    permission: "scorers:read",
    params: rule,
    response: pageOf(LiveAgreement),
  },
  "POST /api/v1/live-scoring/:ruleId/agreement": {
    name: "createLiveAgreement",
    summary: "Watch the agreement of a rule's judge with human scores",
    permission: "scorers:write",
    params: rule,
    body: LiveAgreementInput,
    example: { score: "helpful", label: "thumbs", passAt: 0.5 },
    response: LiveAgreement,
    status: 201,
  },
  "DELETE /api/v1/live-scoring/:ruleId/agreement/:agreementId": {
    name: "deleteLiveAgreement",
    summary: "Stop watching the agreement of a judge; its incident is resolved",
    permission: "scorers:write",
    params: one,
    response: Done,
  },
  "POST /api/v1/live-scoring/:ruleId/agreement/:agreementId/accept": {
    name: "acceptLiveAgreement",
    summary: "Accept the rate of the last 30 days as the new reference; its incident is resolved",
    permission: "scorers:write",
    params: one,
    response: LiveAgreement,
  },
  "GET /api/v1/live-scoring/:ruleId/agreement/:agreementId/days": {
    name: "listLiveAgreementDays",
    summary: "The evaluated days of a judge's agreement, newest first",
    permission: "scorers:read",
    params: one,
    query: PageQuery,
    response: pageOf(AgreementDay),
  },
});
