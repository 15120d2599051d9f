import { z } from "zod";
import { PROMPT_ROLES } from "../build/prompts.ts";
import { ExperimentDataset } from "../evaluate/experiments.ts";
import { ScorerRef } from "../evaluate/scorers.ts";
import { MOST_INTEGER } from "../numbers.ts";
import { Done, Name, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";

/** A set on which every trained model is compared with its base. */
export const RequiredEvaluationInput = z.strictObject({
  name: Name,
  dataset: ExperimentDataset,
  messages: z
    .array(z.strictObject({ role: z.enum(PROMPT_ROLES), content: z.string().max(200_000) }))
    .min(1)
    .max(200)
    .nullable()
    .default(null)
    .describe("Mustache templates with the item's inputs. Null for the item's own messages."),
  scorers: z.array(ScorerRef).min(1).max(10).describe("The first scorer decides."),
  parameters: z.record(z.string().max(200), z.unknown()).default({ temperature: 0, max_tokens: 256 }),
  margin: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe("The largest difference that does not matter, as a share of the score's range."),
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
    summary: "The required evaluations: sets on which every trained model is compared with its base",
    permission: "experiments:read",
    response: pageOf(RequiredEvaluation),
  },
  "POST /api/v1/required-evaluations": {
    name: "addRequiredEvaluation",
    summary: "Require that every trained model is evaluated on a set, to detect what it unlearned",
    permission: "experiments:write",
    body: RequiredEvaluationInput,
    response: RequiredEvaluation,
    status: 201,
  },
  "DELETE /api/v1/required-evaluations/:requiredEvaluationId": {
    name: "deleteRequiredEvaluation",
    summary: "Remove a required evaluation; finished experiments remain",
    permission: "experiments:write",
    params: id,
    response: Done,
  },
  "POST /api/v1/model-evaluations": {
    name: "evaluateModelVersion",
    summary: "Compare a version with its base, as after every training; the verdict is stored with the version",
    permission: "experiments:write",
    body: z.strictObject({ name: z.string().max(100), version: z.number().int().min(1).max(MOST_INTEGER) }),
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
});
