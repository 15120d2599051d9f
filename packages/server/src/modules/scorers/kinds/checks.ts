import { readShape, type ScorerOutput } from "@treadle/contract";
import { z } from "zod";
import { defineKind, failed, type Kind, type ScoreSample, SHARE, scored, unscored, type Verdict } from "./kind.ts";

const Check = z.strictObject({
  kind: z.string().min(1).max(80),
  params: z.record(z.string(), z.unknown()).default({}),
  name: z.string().max(200).optional(),
  expected: z.unknown().optional().describe("Stands for what the item expects."),
  threshold: z
    .number()
    .optional()
    .describe("Passes from here on; 1 when it is left out, or at most it where lower is better."),
  isNot: z.boolean().default(false).describe("Passes when the check does not."),
  weight: z.number().min(0).max(1_000).default(1),
});
const Checks = z.array(Check).max(100);
type Check = z.output<typeof Check>;

const Params = z.strictObject({
  field: z.string().min(1).max(200).default("checks").describe("Where in the metadata of an item its checks stand."),
  pass: z
    .enum(["all", "share"])
    .default("share")
    .describe("`all`: 1 when every check passes, else 0. `share`: the weighted share of checks that pass."),
});

type Outcome = { readonly check: Check; readonly isPassed: boolean; readonly verdict: Verdict };

/** Each item brings its own checks: kinds of `kinds` with parameters, as the assertions of a test. */
export const createChecks = (kinds: readonly Kind[]) =>
  defineKind({
    id: "checks",
    label: "The item's own checks",
    group: "structure",
    summary: "Runs the checks that each item brings in its metadata: other kinds, each with parameters of its own.",
    params: Params,
    output: SHARE,
    needs: ["metadata"],
    open: (params) => (sample, tools) => runChecks({ kinds, params, sample, tools }),
  });

type Run = {
  readonly kinds: readonly Kind[];
  readonly params: z.output<typeof Params>;
  readonly sample: Parameters<ScoreSample>[0];
  readonly tools: Parameters<ScoreSample>[1];
};

async function runChecks({ kinds, params: { field, pass }, sample, tools }: Run): Promise<Verdict> {
  const given = sample.metadata[field];
  if (given === undefined || given === null) return unscored(`The item has no \`metadata.${field}\`.`);
  const checks = readShape(Checks, given);
  if (!checks.success) return failed(`metadata.${field}: ${firstProblem(checks.error)}`);
  if (checks.data.length === 0) return unscored("The item has no checks.");
  const outcomes: Outcome[] = [];
  for (const check of checks.data) {
    const kind = kinds.find(({ id }) => id === check.kind);
    if (!kind) return failed(`metadata.${field}: there is no kind "${check.kind}" that an item can ask for.`);
    const opened = readShape(kind.params, check.params);
    if (!opened.success) return failed(`metadata.${field}, ${check.kind}: ${firstProblem(opened.error)}`);
    const own = check.expected === undefined ? sample : { ...sample, expected: check.expected };
    const verdict = await kind.open(opened.data)(own, tools);
    // What could not be looked at is neither passed nor failed, so the item has no score.
    if (verdict.state !== "scored" || verdict.value === null) return without(check, verdict);
    outcomes.push({ check, verdict, isPassed: isPassed(check, kind.output.direction, verdict.value) });
  }
  return summed(outcomes, pass);
}

const without = (check: Check, { state, reason, details }: Verdict): Verdict =>
  (state === "failed" ? failed : unscored)(`${nameOf(check)}: ${reason}`, details);

function isPassed({ threshold, isNot }: Check, direction: ScorerOutput["direction"], value: number): boolean {
  const isGood = direction === "lower" ? value <= (threshold ?? 0) : value >= (threshold ?? 1);
  return isNot ? !isGood : isGood;
}

function summed(outcomes: readonly Outcome[], pass: "all" | "share"): Verdict {
  const total = outcomes.reduce((sum, { check }) => sum + check.weight, 0);
  if (total === 0) return unscored("All checks of the item have the weight 0.");
  const passed = outcomes.reduce((sum, { check, isPassed: isGood }) => sum + (isGood ? check.weight : 0), 0);
  const missed = outcomes.filter((outcome) => !outcome.isPassed && outcome.check.weight > 0);
  const reason =
    missed.length === 0
      ? `${outcomes.length} of ${outcomes.length} checks passed.`
      : `Not passed: ${missed.map(({ check, verdict }) => `${nameOf(check)} (${verdict.reason || verdict.value})`).join("; ")}`;
  const details = {
    checks: outcomes.map(({ check, isPassed: isGood, verdict: { value, reason: why } }) => ({
      ...{ name: nameOf(check), isPassed: isGood, value, reason: why },
    })),
  };
  const value = pass === "share" ? passed / total : missed.length === 0 ? 1 : 0;
  return scored(value, { reason: reason.slice(0, 2_000), details });
}

const nameOf = ({ name, kind, isNot }: Check) => name ?? (isNot ? `not ${kind}` : kind);

function firstProblem({ issues }: z.core.$ZodError): string {
  const [first] = issues;
  return first ? `${first.path.map(String).join(".")} ${first.message}`.trim() : "is wrong";
}
