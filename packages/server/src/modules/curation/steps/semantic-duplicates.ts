import { z } from "zod";
import { dropDuplicates } from "../drop-duplicates.ts";
import { findSemanticDuplicates } from "../find-semantic-duplicates.ts";
import { FIELD_IS_MISSING, KeepParams, namesItsField, worthOf } from "../worth.ts";
import { Action, TextOf } from "./actions.ts";
import type { Step } from "./step.ts";

const Params = z
  .strictObject({
    of: TextOf.default("prompt"),
    threshold: z
      .number()
      .min(0.5)
      .max(1)
      .default(0.95)
      .describe("The cosine of two vectors from which their texts mean the same."),
    ...KeepParams,
    action: Action.default("drop"),
  })
  .refine(namesItsField, FIELD_IS_MISSING);

export const semanticDuplicates: Step<typeof Params> = {
  id: "semantic-duplicates",
  label: "Semantic duplicates",
  describe:
    "Finds texts that say the same in other words, by the vectors of the embedding model, and keeps one of each group.",
  group: "duplicates",
  params: Params,
  isSetWise: true,
  async *run(context, { of, threshold, action, ...keep }) {
    const choice = { of, threshold, embed: context.tools.embed, worthOf: worthOf(keep) };
    const found = await findSemanticDuplicates(context, choice);
    yield* dropDuplicates(context, found, { action, rule: "same-meaning", reason: "Means the same as", threshold });
  },
};
