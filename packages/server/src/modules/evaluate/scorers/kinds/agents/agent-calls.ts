import { jsonMatch, type ToolCall, toolCallMatch, toolCallRates, toolCallSignature } from "@treadle/metrics";
import { z } from "zod";
import { defineKind, SHARE, scored, truth, unscored, YES_NO } from "../../scoring/kind.ts";
import { argumentsOf, callsExpected, callsMade } from "./tool-calls.ts";

const order = z.enum(["sequence", "set"]).default("sequence").describe("Whether the order of the calls matters.");
const names = (calls: readonly ToolCall[]) => calls.map(({ name }) => name).join(", ") || "none";
const MatchParams = z.strictObject({
  measure: z.enum(["f1", "precision", "recall", "exact"]).default("f1"),
  order,
  arguments: z.enum(["equal", "superset", "ignored"]).default("equal"),
});

export const toolCallMatchKind = defineKind({
  id: "tool-call-match",
  label: "Tool calls",
  group: "structure",
  summary:
    "Checks which expected tool calls were made, by name and arguments. For a whole run, it counts all calls together. No calls is correct when none is expected.",
  params: MatchParams,
  output: SHARE,
  needs: ["expected", "tools"],
  signature: ({ measure, ...options }) => `tool-call-match|measure:${measure}|${toolCallSignature(options)}`,
  open:
    ({ measure, ...options }) =>
    (sample) => {
      const expected = callsExpected(sample);
      if ("reason" in expected) return unscored(expected.reason);
      const match = toolCallMatch(callsMade(sample), expected.calls, options);
      if (measure === "exact") return truth(match.isExact, `Made: ${names(callsMade(sample))}.`);
      const value = toolCallRates(match.stats)[measure];
      if (value === null && match.isExact) return scored(1, { reason: "None expected, none made." });
      const [matched, made, wanted] = match.stats;
      return scored(value ?? 0, { reason: `${matched} of ${wanted} expected calls among ${made} made.` });
    },
});

export const toolChoice = defineKind({
  id: "tool-choice",
  label: "Tool choice",
  group: "agent",
  summary: "Checks whether exactly the expected tools were called, ignoring arguments.",
  params: z.strictObject({ order }),
  output: YES_NO,
  needs: ["expected", "tools"],
  open: (options) => (sample) => {
    const expected = callsExpected(sample);
    if ("reason" in expected) return unscored(expected.reason);
    const made = callsMade(sample);
    const { isExact } = toolCallMatch(made, expected.calls, { ...options, arguments: "ignored" });
    return truth(isExact, isExact ? "" : `Expected ${names(expected.calls)}; made: ${names(made)}.`);
  },
});

export const toolArguments = defineKind({
  id: "tool-arguments",
  label: "Tool arguments",
  group: "agent",
  summary:
    "F1 over the argument fields of the expected calls whose tool was called. Each expected call is compared with its best match. Undefined when none of the tools was called.",
  params: z.strictObject({
    tolerance: z
      .number()
      .min(0)
      .max(1e12)
      .default(0)
      .describe("Maximum difference between two numbers that count as equal."),
  }),
  output: SHARE,
  needs: ["expected", "tools"],
  open:
    ({ tolerance }) =>
    (sample) => {
      const expected = callsExpected(sample);
      if ("reason" in expected) return unscored(expected.reason);
      const free = callsMade(sample);
      const scores = expected.calls.flatMap((wanted) => {
        const rated = free
          .flatMap((call, at) => (call.name === wanted.name ? [{ at, f1: fieldsOf(call, wanted, tolerance) }] : []))
          .sort((a, b) => b.f1 - a.f1);
        const [best] = rated;
        if (best) free.splice(best.at, 1);
        return best ? [best.f1] : [];
      });
      if (scores.length === 0) return unscored("None of the expected tools was called.");
      const reason = `Of ${scores.length} of ${expected.calls.length} expected calls.`;
      return scored(scores.reduce((sum, score) => sum + score, 0) / scores.length, { reason });
    },
});

function fieldsOf(call: ToolCall, wanted: ToolCall, tolerance: number): number {
  return jsonMatch(argumentsOf(call), argumentsOf(wanted), { tolerance }).f1;
}

export const trajectory = defineKind({
  id: "trajectory",
  label: "Trajectory",
  group: "agent",
  summary:
    "Compares the path of tool calls with the expected path. Recall is the share of expected steps taken, in order or in any order. F1 also counts extra steps.",
  params: z.strictObject({
    order,
    measure: z.enum(["recall", "precision", "f1"]).default("f1"),
    arguments: z.enum(["equal", "superset", "ignored"]).default("ignored"),
  }),
  output: SHARE,
  needs: ["expected", "tools"],
  open:
    ({ measure, ...options }) =>
    (sample) => {
      const expected = callsExpected(sample);
      if ("reason" in expected) return unscored(expected.reason);
      const made = callsMade(sample);
      const match = toolCallMatch(made, expected.calls, options);
      const value = match[measure];
      const reason = `Expected ${names(expected.calls)}; taken: ${names(made)}.`;
      if (value === null) return match.isExact ? scored(1, { reason }) : scored(0, { reason });
      return scored(value, { reason });
    },
});
