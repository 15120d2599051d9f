import { jsonMatch as compareJson, type JsonValue, jsonMatchSignature, parseJson } from "@treadle/metrics";
import { z } from "zod";
import { defineKind, SHARE, scored, truth, unscored } from "../../scoring/kind.ts";

const Params = z.strictObject({
  measure: z.enum(["f1", "precision", "recall", "exact"]).default("f1"),
  arrays: z.enum(["sequence", "set"]).default("sequence").describe("Whether the order of lists matters."),
  tolerance: z
    .number()
    .min(0)
    .max(1e12)
    .default(0)
    .describe("Maximum difference between two numbers that count as equal."),
});

/** A value as it would be after a journey over the wire. */
export const toJson = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value ?? null));

export const jsonMatch = defineKind({
  id: "json-match",
  label: "JSON field by field",
  group: "structure",
  summary:
    "The share of fields of the expected JSON that the answer has with the same values. The order of keys never matters. An answer that is not JSON has none.",
  params: Params,
  output: SHARE,
  needs: ["expected"],
  signature: ({ measure, ...options }) => `json-match|measure:${measure}|${jsonMatchSignature(options)}`,
  open:
    ({ measure, ...options }) =>
    ({ output, expected }) => {
      if (expected === null || expected === undefined) return unscored("There is no expected answer.");
      const wanted = typeof expected === "string" ? parseJson(expected) : toJson(expected);
      if (wanted === undefined) return unscored("The expected answer is text, but not valid JSON.");
      const answer = parseJson(output);
      if (answer === undefined) return truth(false, "The answer is not valid JSON.");
      const match = compareJson(answer, wanted, options);
      const { missing, extra, changed } = match;
      const details = {
        missing: [...missing].slice(0, 50),
        extra: [...extra].slice(0, 50),
        changed: [...changed].slice(0, 50),
      };
      const value = measure === "exact" ? Number(match.isEqual) : match[measure];
      const parts = [`missing ${missing.length}`, `extra ${extra.length}`, `changed ${changed.length}`];
      return scored(value, { reason: match.isEqual ? "" : parts.join(", "), details });
    },
});
