import { z } from "zod";
import { defineApi } from "../route.ts";
import { GuardTrust } from "./guard-policies.ts";

const MOST_CHARACTERS = 1_000_000;
const text = z.string().max(MOST_CHARACTERS);
const part = z.looseObject({ type: z.string().max(40), text: text.optional() });

/** OpenAI's request, and a source of the texts. */
export const ModerationRequest = z.looseObject({
  input: z.union([text, z.array(text).min(1).max(1_000), z.array(part).min(1).max(1_000)]),
  model: z
    .string()
    .max(300)
    .nullish()
    .describe("The id or the name of a guard policy. Without it, or with a model of OpenAI, the policy of the caller."),
  trust: GuardTrust.default("user").describe("The source of the texts."),
});

export const ModerationResult = z.looseObject({
  flagged: z.boolean(),
  categories: z.record(z.string(), z.boolean()).describe("Detectors and kinds, such as `personal-data/email`."),
  category_scores: z.record(z.string(), z.number()),
});

/** OpenAI's format of moderations. */
export const moderationsApi = defineApi({
  "POST /v1/moderations": {
    name: "createModeration",
    summary: "Check texts under a guard policy in OpenAI's format of moderations",
    description:
      "The categories are the policy's detectors and the kinds that they found, not OpenAI's categories. Content that is no text, or that a closed rule could not scan, is flagged as `not-scanned`.",
    permission: "gateway:use",
    body: ModerationRequest,
    example: { input: "Write to ann@example.com" },
    response: z.looseObject({ id: z.string(), model: z.string(), results: z.array(ModerationResult) }),
    wire: "openai",
  },
});
