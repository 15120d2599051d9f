import { jsonMatch as compareJson, type JsonValue, jsonMatchSignature, parseJson } from "@treadle/metrics";
import { z } from "zod";
import { defineKind, SHARE, scored, truth, unscored } from "./kind.ts";

const Params = z.strictObject({
  measure: z.enum(["f1", "precision", "recall", "exact"]).default("f1"),
  arrays: z.enum(["sequence", "set"]).default("sequence").describe("Whether the order of lists counts."),
  tolerance: z.number().min(0).max(1e12).default(0).describe("How far numbers may be apart."),
});

/** A value as it would be after a journey over the wire. */
export const toJson = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value ?? null));

export const jsonMatch = defineKind({
  id: "json-match",
  label: "JSON field by field",
  group: "structure",
  summary:
    "Which fields of the expected JSON the answer has with their values; the order of keys never counts. An answer that is no JSON has none.",
  params: Params,
  output: SHARE,
  needs: ["expected"],
  signature: ({ measure, ...options }) => `json-match|measure:${measure}|${jsonMatchSignature(options)}`,
  open:
    ({ measure, ...options }) =>
    ({ output, expected }) => {
      if (expected === null || expected === undefined) return unscored("There is no expected answer.");
      const wanted = typeof expected === "string" ? parseJson(expected) : toJson(expected);
      if (wanted === undefined) return unscored("The expected answer is a text that holds no JSON.");
      const found = parseJson(output);
      if (found === undefined) return truth(false, "The answer is no JSON.");
      const match = compareJson(found, wanted, options);
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
