import { readShape, type ScorerOutput } from "@treadle/contract";
import { z } from "zod";
import {
  defineKind,
  failed,
  type Kind,
  type ScoreSample,
  SHARE,
  scored,
  unscored,
  type Verdict,
} from "../../scoring/kind.ts";

const Check = z.strictObject({
  kind: z.string().min(1).max(80),
  params: z.record(z.string(), z.unknown()).default({}),
  name: z.string().max(200).optional(),
  expected: z.unknown().optional().describe("A placeholder for the item's expected value."),
  threshold: z
    .number()
    .optional()
    .describe("The threshold to pass: at least this value, or at most this value where lower is better. Default: 1."),
  isNot: z.boolean().default(false).describe("Inverts the check: it passes when the check fails."),
  weight: z.number().min(0).max(1_000).default(1),
});
const Checks = z.array(Check).max(100);
type Check = z.output<typeof Check>;

const Params = z.strictObject({
  field: z.string().min(1).max(200).default("checks").describe("The metadata field with the checks of an item."),
  pass: z
    .enum(["all", "share"])
    .default("share")
    .describe("`all` gives 1 when every check passes, else 0. `share` gives the weighted share of checks that pass."),
});

type Outcome = { readonly check: Check; readonly isPassed: boolean; readonly verdict: Verdict };

/** Each item brings its own checks: kinds of `kinds` with parameters, as the assertions of a test. */
export const createChecks = (kinds: readonly Kind[]) =>
  defineKind({
    id: "checks",
    label: "The item's own checks",
    group: "structure",
    summary:
      "Runs the checks that each item has in its metadata. Each check is another scorer kind with its own parameters.",
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
    if (!kind) return failed(`metadata.${field}: "${check.kind}" is not a scorer kind that an item can use.`);
    const opened = readShape(kind.params, check.params);
    if (!opened.success) return failed(`metadata.${field}, ${check.kind}: ${firstProblem(opened.error)}`);
    const own = check.expected === undefined ? sample : { ...sample, expected: check.expected };
    const verdict = await kind.open(opened.data)(own, tools);
    // A check that could not run neither passes nor fails, so the item has no score.
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
      name: nameOf(check),
      isPassed: isGood,
      value,
      reason: why,
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
