import { z } from "zod";
import { compileRegex } from "./regex/match.ts";

/** Which part of an answer is meant: what the first group of a pattern matches, or all that it matches. */
export const Extract = z
  .string()
  .max(2_000)
  .default("")
  .describe(
    "A pattern whose first group, or whole match, is taken from the answer, such as `answer is (.+)`; empty takes all of it.",
  );

/** Null where the pattern finds nothing. Throws `unprocessable` for a pattern that cannot be used. */
export function extractPart(pattern: string): (output: string) => string | null {
  if (pattern === "") return (output) => output;
  const matches = compileRegex(pattern, "im");
  return (output) => {
    const found = matches(output);
    return found && (found.groups[0] ?? found.text);
  };
}
