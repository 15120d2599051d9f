import type { ScorerSample } from "@treadle/contract";
import { z } from "zod";
import { amount, defineKind, scored, unscored } from "../../scoring/kind.ts";

const NONE = z.strictObject({});
type Field = "latencyMs" | "costUsd" | "outputTokens";

/** A number that comes with the sample. */
const measured = (about: { id: string; label: string; summary: string; unit: string; field: Field }) =>
  defineKind({
    id: about.id,
    label: about.label,
    summary: about.summary,
    group: "cost",
    params: NONE,
    output: amount(about.unit, "lower"),
    needs: [],
    open: () => (sample: ScorerSample) => {
      const value = sample[about.field];
      return value === null || value === undefined ? unscored(`The sample has no \`${about.field}\`.`) : scored(value);
    },
  });

export const latency = measured({
  id: "latency",
  label: "Latency",
  summary: "The duration of the answer, in milliseconds.",
  unit: "ms",
  field: "latencyMs",
});
export const cost = measured({
  id: "cost",
  label: "Cost",
  summary: "The cost of the answer. Undefined for models without a known price.",
  unit: "usd",
  field: "costUsd",
});
export const outputTokens = measured({
  id: "output-tokens",
  label: "Output tokens",
  summary: "The number of tokens in the answer, as counted by the provider.",
  unit: "tokens",
  field: "outputTokens",
});
