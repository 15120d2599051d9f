import { z } from "zod";
import { MAX_PRINCIPALS, Principal } from "./documents.ts";

const knowledgeBaseId = z.string().min(1).max(100);

/** What an answer needs of a knowledge base, without the caller. */
const useSettings = {
  version: z
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe("The index version that is searched. The live version if omitted."),
  chunks: z.number().int().min(1).max(50).optional().describe("The most passages that the model gets. 6 if omitted."),
  minScore: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      "The least similarity of the question and a passage, from 0 to 1: the cosine of their vectors. It has no effect on a search by words only. All passages pass if omitted.",
    ),
  metadata: z
    .record(z.string().min(1).max(200), z.string().max(1_000))
    .optional()
    .describe("Searches only documents whose metadata has all of these values."),
  history: z
    .boolean()
    .optional()
    .describe("Whether the search also uses the earlier messages of the user. Only the last message if omitted."),
  citations: z
    .enum(["remove", "flag"])
    .optional()
    .describe(
      "What happens to a citation that its passage does not support. `remove` deletes the mark, `flag` writes `[1 unverified]`. `remove` if omitted.",
    ),
  whenNotFound: z
    .string()
    .trim()
    .min(1)
    .max(2_000)
    .optional()
    .describe("The answer if no passage is found. The model is not called then."),
  instructions: z
    .string()
    .trim()
    .min(1)
    .max(8_000)
    .optional()
    .describe("Replaces the instructions on how to answer. The rules about citations and about text in passages stay."),
};

/** How a variant of an endpoint uses a knowledge base. */
export const VariantKnowledge = z.strictObject({ knowledgeBaseId, ...useSettings });
export type VariantKnowledge = z.output<typeof VariantKnowledge>;

/** How one call uses a knowledge base. */
export const CallKnowledge = z.strictObject({
  knowledgeBaseId: knowledgeBaseId.optional().describe("The knowledge base of the endpoint's variant if omitted."),
  principals: z
    .array(Principal)
    .max(MAX_PRINCIPALS)
    .optional()
    .describe("The user that the answer is for, and the user's groups. Without them, only public documents are found."),
  ...useSettings,
});
export type CallKnowledge = z.output<typeof CallKnowledge>;
