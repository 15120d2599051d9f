import { z } from "zod";
import { dropDuplicates } from "../duplicates/drop-duplicates.ts";
import { findExactDuplicates } from "../duplicates/find-exact-duplicates.ts";
import { FIELD_IS_MISSING, KeepParams, namesItsField, worthOf } from "../duplicates/worth.ts";
import { Action, TextOf } from "../step/actions.ts";
import type { Step } from "../step/step.ts";

const Params = z
  .strictObject({
    of: TextOf.default("all"),
    ignoreCase: z.boolean().default(false),
    ...KeepParams,
    action: Action.default("drop"),
  })
  .refine(namesItsField, FIELD_IS_MISSING);

const RULES = { all: "same-item", prompt: "same-prompt", answer: "same-answer" } as const;
const REASONS = { all: "The same as", prompt: "Has the same question as", answer: "Has the same answer as" } as const;

export const exactDuplicates: Step<typeof Params> = {
  id: "exact-duplicates",
  label: "Exact duplicates",
  describe:
    "Finds items with the same inputs and expected output, the same prompt or the same last answer, ignoring whitespace. Keeps one item of each group.",
  group: "duplicates",
  params: Params,
  isSetWise: true,
  async *run(context, { of, ignoreCase, action, ...keep }) {
    const groups = await findExactDuplicates(context, { of, ignoreCase, worthOf: worthOf(keep) });
    yield* dropDuplicates(context, groups, { action, rule: RULES[of], reason: REASONS[of], threshold: null });
  },
};
