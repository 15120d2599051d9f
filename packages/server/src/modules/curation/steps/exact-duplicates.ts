import { z } from "zod";
import { dropDuplicates } from "../drop-duplicates.ts";
import { findExactDuplicates } from "../find-exact-duplicates.ts";
import { FIELD_IS_MISSING, KeepParams, namesItsField, worthOf } from "../worth.ts";
import { Action, TextOf } from "./actions.ts";
import type { Step } from "./step.ts";

const Params = z
  .strictObject({
    of: TextOf.default("all"),
    ignoreCase: z.boolean().default(false),
    ...KeepParams,
    action: Action.default("drop"),
  })
  .refine(namesItsField, FIELD_IS_MISSING);

const RULES = { all: "same-item", prompt: "same-prompt", answer: "same-answer" } as const;
const REASONS = { all: "The same as", prompt: "Asks the same as", answer: "Answers the same as" } as const;

export const exactDuplicates: Step<typeof Params> = {
  id: "exact-duplicates",
  label: "Exact duplicates",
  describe:
    "Finds items whose inputs and expected output, prompt or last answer are the same, blanks aside, and keeps one of each.",
  group: "duplicates",
  params: Params,
  isSetWise: true,
  async *run(context, { of, ignoreCase, action, ...keep }) {
    const found = await findExactDuplicates(context, { of, ignoreCase, worthOf: worthOf(keep) });
    yield* dropDuplicates(context, found, { action, rule: RULES[of], reason: REASONS[of], threshold: null });
  },
};
