import { z } from "zod";
import { compileRegex } from "../regex/match.ts";
import { defineKind, truth, YES_NO } from "./kind.ts";

const Params = z.strictObject({
  pattern: z
    .string()
    .min(1)
    .max(2_000)
    .describe("In JavaScript's syntax of `u`, without look-around and back-references."),
  flags: z
    .string()
    .regex(/^[ims]{0,3}$/, "use i, m and s only")
    .default(""),
  isWhole: z.boolean().default(false).describe("The whole answer must match, not a part of it."),
  isNegated: z.boolean().default(false).describe("Right when it does not match."),
});

export const regex = defineKind({
  id: "regex",
  label: "Regular expression",
  group: "text",
  summary:
    "Whether a pattern matches. Matching takes time that grows with the length of the answer, whatever the pattern.",
  params: Params,
  output: YES_NO,
  needs: [],
  open({ pattern, flags, isWhole, isNegated }) {
    const matches = compileRegex(isWhole ? `^(?:${pattern})$` : pattern, isWhole ? flags.replace("m", "") : flags);
    return ({ output }) => {
      const found = matches(output);
      const reason = found === null ? "It does not match." : `It matches: ${found.text.slice(0, 200)}`;
      return truth((found !== null) !== isNegated, reason);
    };
  },
});
