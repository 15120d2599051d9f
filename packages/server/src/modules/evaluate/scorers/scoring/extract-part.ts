import { z } from "zod";
import { compileRegex } from "../../../../platform/json-schema/compile-regex.ts";

/** The relevant part of an answer: a pattern's first group, or its whole match. */
export const Extract = z
  .string()
  .max(2_000)
  .default("")
  .describe(
    "A pattern that picks the part of the answer to score, by its first group or its whole match, such as `answer is (.+)`. Leave it empty to score the whole answer.",
  );

/** Null where the pattern finds nothing. Throws `unprocessable` for a pattern that cannot be used. */
export function extractPart(pattern: string): (output: string) => string | null {
  if (pattern === "") return (output) => output;
  const matches = compileRegex(pattern, "im");
  return (output) => {
    const part = matches(output);
    return part && (part.groups[0] ?? part.text);
  };
}
