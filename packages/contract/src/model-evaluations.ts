import { z } from "zod";
import { ExperimentDataset } from "./experiments.ts";
import { Done, Name, Timestamp } from "./pages.ts";
import { PROMPT_ROLES } from "./prompts.ts";
import { defineApi } from "./route.ts";
import { ScorerRef } from "./scorers.ts";

/** A set that every trained model is measured on beside its base. */
export const RequiredEvaluationInput = z.strictObject({
  name: Name,
  dataset: ExperimentDataset,
  messages: z
    .array(z.strictObject({ role: z.enum(PROMPT_ROLES), content: z.string().max(200_000) }))
    .min(1)
    .max(200)
    .nullable()
    .default(null)
    .describe("Mustache templates of the item's inputs; null for the item's own messages."),
  scorers: z.array(ScorerRef).min(1).max(10).describe("The first one decides."),
  parameters: z.record(z.string().max(200), z.unknown()).default({ temperature: 0, max_tokens: 256 }),
  margin: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe("Differences within it do not matter, as a share of the range."),
});
export type RequiredEvaluationInput = z.output<typeof RequiredEvaluationInput>;

export const RequiredEvaluation = RequiredEvaluationInput.extend({
  requiredEvaluationId: z.string(),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type RequiredEvaluation = z.output<typeof RequiredEvaluation>;

const id = z.object({ requiredEvaluationId: z.string() });

export const modelEvaluationsApi = defineApi({
  "GET /api/v1/required-evaluations": {
    name: "listRequiredEvaluations",
    summary: "The sets that every trained model is measured on beside its base",
    permission: "experiments:read",
    response: z.object({ items: z.array(RequiredEvaluation) }),
  },
  "POST /api/v1/required-evaluations": {
    name: "addRequiredEvaluation",
    summary: "Have every trained model measured on a set, so that what it unlearns is seen",
    permission: "experiments:write",
    body: RequiredEvaluationInput,
    response: RequiredEvaluation,
    status: 201,
  },
  "DELETE /api/v1/required-evaluations/:requiredEvaluationId": {
    name: "deleteRequiredEvaluation",
    summary: "Measure models on a set no longer; experiments that were run stay",
    permission: "experiments:write",
    params: id,
    response: Done,
  },
  "POST /api/v1/model-evaluations": {
    name: "evaluateModelVersion",
    summary: "Measure a version beside its base, as after every training; the verdict is kept on the version",
    permission: "experiments:write",
    body: z.strictObject({ name: z.string().max(100), version: z.number().int().min(1) }),
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
});
