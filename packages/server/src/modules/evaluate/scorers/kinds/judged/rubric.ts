import { z } from "zod";
import { askJudge, toldTo } from "../../judging/ask-judge.ts";
import { judgeSettings, type Scale, scale, scoreOn, share } from "../../judging/judge-params.ts";
import { questionAndAnswer, referenceOf } from "../../judging/parts.ts";
import { defineKind, SHARE, scored } from "../../scoring/kind.ts";

const Criterion = z.strictObject({
  name: z.string().trim().min(1).max(80),
  description: z.string().trim().min(1).max(4_000).describe("The criterion, ideally with a description of each score."),
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
  isReferenceShown: z.boolean().default(false).describe("Shows the expected answer to the judge, when there is one."),
});
type Params = z.output<typeof Params>;

/** A score of the scale for each criterion, and nothing less. */
const shapeOf = ({ criteria, scale: range }: Params) => {
  const scores = criteria.map(({ name }) => [name, scoreOn(range)] as const);
  return z.object({ reason: z.string().default(""), scores: z.object(Object.fromEntries(scores)) });
};

const instructionsOf = ({ criteria, scale: { min, max } }: Params) =>
  [
    "You judge the answer of an assistant to a question, by these criteria:",
    ...criteria.map(({ name, description }) => `- ${name}: ${description}`),
    `Think first and say why in "reason", in a few sentences. Then give each criterion a whole number from ${min} (worst) to ${max} (best). Judge what is said, not how long or how decorated it is.`,
  ].join("\n");
const exampleOf = ({ criteria, scale: { min, max } }: Params) => {
  const scores = criteria.map(({ name }) => `${JSON.stringify(name)}: <${min} to ${max}>`);
  return `{"reason": "<why>", "scores": {${scores.join(", ")}}}`;
};

export const rubric = defineKind({
  id: "rubric",
  label: "Rubric",
  group: "judge",
  summary:
    "A model gives a reason and then a score for each criterion. The value is the weighted mean as a share of the scale.",
  params: Params,
  output: SHARE,
  needs: ["judge"],
  prompt: (params) => toldTo(instructionsOf(params), exampleOf(params)),
  open(params) {
    const question = { shape: shapeOf(params), instructions: instructionsOf(params), example: exampleOf(params) };
    return async (sample, tools) => {
      const reference = params.isReferenceShown ? referenceOf(sample) : "";
      const asked = await askJudge(tools, {
        settings: params,
        sample,
        ...question,
        parts: [
          ...questionAndAnswer(sample),
          ...(reference === "" ? [] : [{ name: "EXPECTED ANSWER", text: reference }]),
        ],
      });
      if (asked.kind === "failed") return asked.verdict;
      const { scores, reason } = asked.value;
      const value = weightedMean(params.criteria, scores, params.scale);
      return scored(value, { reason, details: { ...asked.details, scores } });
    };
  },
});

function weightedMean(criteria: readonly Criterion[], scores: Readonly<Record<string, number>>, range: Scale): number {
  const total = criteria.reduce((sum, { weight }) => sum + weight, 0);
  return criteria.reduce((sum, { name, weight }) => sum + weight * share(scores[name] ?? 0, range), 0) / total;
}
