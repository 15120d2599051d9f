import {
  GUARD_DETECTORS,
  GUARD_OPTIONS,
  GuardRule,
  GuardTrust,
  type GuardVerdict,
  readShape,
  type ScorerSample,
} from "@treadle/contract";
import { z } from "zod";
import { defineKind, failed, truth, unscored, type Verdict, YES_NO } from "../../scoring/kind.ts";
import { questionOf } from "../../scoring/read-sample.ts";
import type { GuardCheck } from "../../scoring/scorer-tools.ts";

const Params = z.strictObject({
  detector: z.enum(GUARD_DETECTORS).optional().describe("A detector of guards. Set this or a policy."),
  options: z.record(z.string().max(60), z.unknown()).default({}).describe("As in a rule of a guard policy."),
  threshold: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("The score from which a finding counts. The detector's own threshold if empty."),
  policyId: z.string().max(100).default("").describe("The id of a guard policy. Its current version is used."),
  scopes: z
    .array(GuardTrust)
    .min(1)
    .max(6)
    .default(["output"])
    .describe(
      "The texts that the detector reads, by their source. `output` is the answer. A policy has its own scopes.",
    ),
});
type Params = z.output<typeof Params>;

export const guard = defineKind({
  id: "guard",
  label: "Guard",
  group: "safety",
  summary:
    "1 if a detector of guards or a guard policy finds something, otherwise 0. The reason names the kinds of the findings with their counts, and never the values. Undefined without a text to check.",
  params: Params,
  output: { ...YES_NO, direction: "lower" },
  needs: [],
  check: problemOf,
  open: (params) => async (sample, tools) => {
    const checks = checksOf(params, sample);
    if (checks.length === 0) return unscored("There is no text to check.");
    return toVerdict(await Promise.all(checks.map((check) => tools.checkGuards(check))));
  },
});

function problemOf({ detector, policyId, options }: Params): string | null {
  if ((detector === undefined) === (policyId === ""))
    return "set either a detector or the id of a guard policy, and not both.";
  if (detector === undefined) return null;
  const read = readShape(GUARD_OPTIONS[detector], options);
  if (read.success) return null;
  const issues = read.error.issues.map(({ path, message }) => `${["options", ...path].join(".")} ${message}`);
  return `the detector "${detector}" rejects its options: ${issues.slice(0, 3).join("; ")}`;
}

const ALL = GuardTrust.options;

/** The answer is one text. The messages are checked for all other sources. */
function checksOf(params: Params, sample: ScorerSample): GuardCheck[] {
  const scopes = params.policyId === "" ? params.scopes : ALL;
  const others = scopes.filter((scope) => scope !== "output");
  const { messages = [], output } = sample;
  const checks: GuardCheck[] = [];
  if (scopes.includes("output") && output !== "")
    checks.push({ ...guardsOf(params, ["output"]), text: output, trust: "output" });
  if (others.length === 0) return checks;
  const guards = guardsOf(params, others);
  const question = questionOf(sample);
  if (messages.length > 0) checks.push({ ...guards, messages: [...messages], trust: "user" });
  else if (question !== "") checks.push({ ...guards, text: question, trust: "user" });
  return checks;
}

function guardsOf({ detector, options, threshold, policyId }: Params, scopes: Params["scopes"]) {
  if (detector === undefined) return { policyId };
  return { rules: [GuardRule.parse({ detector, options, scopes, threshold: threshold ?? null, action: "flag" })] };
}

function toVerdict(results: readonly GuardVerdict[]): Verdict {
  const texts = results.flatMap((result) => result.texts);
  const kinds = new Map<string, number>();
  for (const { detector, kind } of texts.flatMap(({ findings }) => findings))
    kinds.set(`${detector}/${kind}`, (kinds.get(`${detector}/${kind}`) ?? 0) + 1);
  const details = { findings: Object.fromEntries(kinds) };
  if (kinds.size > 0)
    return truth(true, `Found ${[...kinds].map(([kind, count]) => `${kind} (${count})`).join(", ")}.`, { details });
  // A text that was not read could hold anything.
  const unread = texts.find(({ notScanned }) => notScanned !== null);
  if (unread) return failed(`The text at ${unread.path} was not scanned: ${unread.notScanned}.`);
  return truth(false, "Nothing was found.", { details });
}
