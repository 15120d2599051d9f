import { z } from "zod";
import { dropDuplicates } from "../duplicates/drop-duplicates.ts";
import { findSemanticDuplicates } from "../duplicates/find-semantic-duplicates.ts";
import { FIELD_IS_MISSING, KeepParams, namesItsField, worthOf } from "../duplicates/worth.ts";
import { Action, TextOf } from "../step/actions.ts";
import type { Step } from "../step/step.ts";

const Params = z
  .strictObject({
    of: TextOf.default("prompt"),
    threshold: z
      .number()
      .min(0.5)
      .max(1)
      .default(0.95)
      .describe("Minimum cosine similarity at which two texts count as having the same meaning."),
    ...KeepParams,
    action: Action.default("drop"),
  })
  .refine(namesItsField, FIELD_IS_MISSING);

export const semanticDuplicates: Step<typeof Params> = {
  id: "semantic-duplicates",
  label: "Semantic duplicates",
  describe:
    "Finds texts that have the same meaning in different words, by the embedding model. Keeps one item of each group.",
  group: "duplicates",
  params: Params,
  isSetWise: true,
  async *run(context, { of, threshold, action, ...keep }) {
    const choice = { of, threshold, embed: context.tools.embed, worthOf: worthOf(keep) };
    const groups = await findSemanticDuplicates(context, choice);
    yield* dropDuplicates(context, groups, {
      action,
      rule: "same-meaning",
      reason: "Has the same meaning as",
      threshold,
    });
  },
};
