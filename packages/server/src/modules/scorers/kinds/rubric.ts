import { z } from "zod";
import { askJudge, toldTo } from "../judging/ask-judge.ts";
import { judgeSettings, type Scale, scale, share } from "../judging/judge-params.ts";
import { questionAndAnswer, referenceOf } from "../judging/parts.ts";
import { defineKind, failed, SHARE, scored } from "./kind.ts";

const Criterion = z.strictObject({
  name: z.string().trim().min(1).max(80),
  description: z.string().trim().min(1).max(4_000).describe("What is judged, best with what each score looks like."),
  weight: z.number().positive().max(100).default(1),
});
type Criterion = z.output<typeof Criterion>;

const Params = z.strictObject({
  ...judgeSettings,
  criteria: z
    .array(Criterion)
    .min(1)
    .max(12)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "must not name a criterion twice"),
  scale,
  isReferenceShown: z.boolean().default(false).describe("Shows the judge the expected answer, where there is one."),
});
type Params = z.output<typeof Params>;

const Shape = z.object({ reason: z.string().default(""), scores: z.record(z.string(), z.coerce.number()) });

const instructionsOf = ({ criteria, scale: { min, max } }: Params) =>
  [
    "You judge the answer of an assistant to a question, by these criteria:",
    ...criteria.map(({ name, description }) => `- ${name}: ${description}`),
    `Think first and say why in "reason", in a few sentences. Then give each criterion a whole number from ${min} (worst) to ${max} (best). Judge what is said, not how long or how decorated it is.`,
  ].join("\n");
const exampleOf = ({ criteria, scale: { min } }: Params) =>
  JSON.stringify({ reason: "…", scores: Object.fromEntries(criteria.map(({ name }) => [name, min])) });

export const rubric = defineKind({
  id: "rubric",
  label: "Rubric",
  group: "judge",
  summary:
    "A model gives a score for each criterion, with its reason first. The value is their weighted mean as a share of the scale.",
  params: Params,
  output: SHARE,
  needs: ["judge"],
  prompt: (params) => toldTo(instructionsOf(params), exampleOf(params)),
  open: (params) => async (sample, tools) => {
    const reference = params.isReferenceShown ? referenceOf(sample) : "";
    const asked = await askJudge(tools, {
      ...{ settings: params, sample, shape: Shape, instructions: instructionsOf(params), example: exampleOf(params) },
      parts: [
        ...questionAndAnswer(sample),
        ...(reference === "" ? [] : [{ name: "EXPECTED ANSWER", text: reference }]),
      ],
    });
    if (asked.kind === "failed") return asked.verdict;
    const { scores, reason } = asked.value;
    const wrong = params.criteria.find(({ name }) => !fits(scores[name], params.scale));
    if (wrong) {
      const { min, max } = params.scale;
      const why = `The judge gave "${wrong.name}" no whole number from ${min} to ${max}.`;
      return failed(why, { ...asked.details, parseStatus: "misshapen" });
    }
    return scored(weightedMean(params.criteria, scores, params.scale), {
      reason,
      details: { ...asked.details, scores },
    });
  },
});

/** Whether a judge's number is one of the scale. */
export const fits = (score: number | undefined, { min, max }: Scale): score is number =>
  score !== undefined && Number.isInteger(score) && score >= min && score <= max;

function weightedMean(criteria: readonly Criterion[], scores: Readonly<Record<string, number>>, range: Scale): number {
  const total = criteria.reduce((sum, { weight }) => sum + weight, 0);
  return criteria.reduce((sum, { name, weight }) => sum + weight * share(scores[name] ?? 0, range), 0) / total;
}
