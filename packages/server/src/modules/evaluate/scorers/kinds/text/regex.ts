import { z } from "zod";
import { compileRegex } from "../../../../../platform/json-schema/compile-regex.ts";
import { defineKind, truth, YES_NO } from "../../scoring/kind.ts";

const Params = z.strictObject({
  pattern: z
    .string()
    .min(1)
    .max(2_000)
    .describe("JavaScript syntax with the `u` flag, without look-around and back-references."),
  flags: z
    .string()
    .regex(/^[ims]{0,3}$/, "use only i, m and s")
    .default(""),
  isWhole: z.boolean().default(false).describe("Requires the whole answer to match, not a part of it."),
  isNegated: z.boolean().default(false).describe("Inverts the check: the answer is right when it does not match."),
});

export const regex = defineKind({
  id: "regex",
  label: "Regular expression",
  group: "text",
  summary:
    "Checks whether a pattern matches the answer. The time grows linearly with the length of the answer, for any pattern.",
  params: Params,
  output: YES_NO,
  needs: [],
  open({ pattern, flags, isWhole, isNegated }) {
    const matches = compileRegex(isWhole ? `^(?:${pattern})$` : pattern, isWhole ? flags.replace("m", "") : flags);
    return ({ output }) => {
      const match = matches(output);
      const reason = match === null ? "It does not match." : `It matches: ${match.text.slice(0, 200)}`;
      return truth((match !== null) !== isNegated, reason);
    };
  },
});
