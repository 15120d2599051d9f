import { z } from "zod";
import { Done, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { GuardShare } from "./guard-previews.ts";

const hex = (digits: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`), `must be ${digits} lower-case hexadecimal digits`);
const offset = z.number().int().min(0).max(1_000_000_000);
const share = z.number();

/** What was found in a span, and where. */
export const GuardFindingPlace = z.object({
  detector: z.string().min(1).max(60),
  kind: z.string().min(1).max(60),
  path: z.string().min(1).max(500),
  start: offset,
  end: offset,
});
export type GuardFindingPlace = z.infer<typeof GuardFindingPlace>;

const finding = {
  traceId: hex(32),
  spanId: hex(16),
  ...GuardFindingPlace.shape,
  isRight: z.boolean().describe("False for a false alarm."),
};

export const GuardLabelInput = z
  .strictObject(finding)
  .refine(({ start, end }) => start < end, { path: ["end"], message: "must be greater than `start`" });

/** What a person says about a finding. A person has one label for each finding. */
export const GuardLabel = z.object({
  guardLabelId: z.string(),
  ...finding,
  actor: z.string().describe("A person or an API key."),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type GuardLabel = z.infer<typeof GuardLabel>;

/** A measured figure of a detector on a built-in set of texts. */
export const GuardFigure = z.object({
  set: z.string(),
  about: z.string().describe("What the texts are."),
  measure: z.enum(["recall", "precision", "flagged"]),
  at: share.nullable().describe("The share of ordinary texts that is flagged. Null without a threshold."),
  texts: z.number(),
  value: share,
  low: share.describe("A 95 % Wilson interval."),
  high: share,
});
export type GuardFigure = z.infer<typeof GuardFigure>;

const GuardFiring = z.object({ endpoint: z.string(), calls: GuardShare });
const GuardFiringDay = z.object({ day: z.string(), calls: GuardShare });

/** A detector with its numbers in the project. */
export const GuardDetector = z.object({
  name: z.string(),
  version: z.number().int(),
  isDeterministic: z.boolean().describe("False if a score is a probability."),
  description: z.string(),
  precision: GuardShare.describe("Right findings, of all undisputed labeled findings."),
  disputed: z.number().int().describe("Findings with as many labels for each side."),
  fired: GuardShare.describe("Calls of the last 7 days with a finding, of all checked calls."),
  byEndpoint: z.array(GuardFiring).describe("Empty for calls without an endpoint."),
  byDay: z.array(GuardFiringDay).describe("Days in UTC."),
  figures: z.array(GuardFigure).describe("Results on built-in sets."),
});
export type GuardDetector = z.infer<typeof GuardDetector>;

export const guardDetectorsApi = defineApi({
  "GET /api/v1/guard-detectors": {
    name: "listGuardDetectors",
    summary: "The detectors of guards: their precision by your labels, and how often they fired in the last 7 days",
    permission: "guards:read",
    query: PageQuery,
    response: pageOf(GuardDetector),
  },
  "GET /api/v1/guard-labels": {
    name: "listGuardLabels",
    summary: "The labels of findings, newest first",
    permission: "guards:read",
    query: PageQuery.extend({
      detector: z.string().max(60).optional(),
      traceId: z.string().max(64).optional(),
      isRight: z.stringbool().optional(),
    }),
    response: pageOf(GuardLabel),
  },
  "PUT /api/v1/guard-labels": {
    name: "setGuardLabel",
    summary: "Label a finding as right or as a false alarm",
    description: "A person has one label for each finding. A new label replaces it.",
    permission: "guards:write",
    body: GuardLabelInput,
    example: {
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      spanId: "00f067aa0ba902b7",
      detector: "personal-data",
      kind: "email",
      path: "input.0.parts.0.content",
      start: 9,
      end: 24,
      isRight: true,
    },
    response: GuardLabel,
  },
  "DELETE /api/v1/guard-labels/:guardLabelId": {
    name: "deleteGuardLabel",
    summary: "Delete a label of a finding",
    permission: "guards:write",
    params: z.object({ guardLabelId: z.string() }),
    response: Done,
  },
});
