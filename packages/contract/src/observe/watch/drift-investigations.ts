import { z } from "zod";
import { Timestamp } from "../../pages.ts";
import { DriftExplanation } from "./drift.ts";

export const INVESTIGATION_STATES = ["open", "explained", "accepted", "closed"] as const;
export const InvestigationState = z.enum(INVESTIGATION_STATES);
export type InvestigationState = z.output<typeof InvestigationState>;

/** A confirmed change that a person looks into. */
export const DriftInvestigation = z.object({
  investigationId: z.string(),
  driftWatchId: z.string(),
  state: InvestigationState,
  title: z.string(),
  firstDay: z.string().describe("The first day of the change."),
  lastDay: z.string(),
  summary: z.array(z.string()),
  explanations: z.array(DriftExplanation),
  note: z.string(),
  owner: z.string().nullable().describe("The id of a member."),
  openedAt: Timestamp,
  updatedAt: Timestamp,
  closedAt: Timestamp.nullable(),
});
export type DriftInvestigation = z.output<typeof DriftInvestigation>;

export const DriftInvestigationPatch = z.strictObject({
  state: InvestigationState.optional().describe(
    "`accepted` makes the texts since the first day of the change the next version of the reference.",
  ),
  note: z.string().max(10_000).optional(),
  owner: z.string().max(100).nullable().optional(),
});
export type DriftInvestigationPatch = z.output<typeof DriftInvestigationPatch>;
