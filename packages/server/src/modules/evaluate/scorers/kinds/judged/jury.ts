import { krippendorffAlpha } from "@treadle/metrics";
import { z } from "zod";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { askJudge, toldTo } from "../../judging/ask-judge.ts";
import { judgeSettings, scale, scoreOn, share } from "../../judging/judge-params.ts";
import { familyOf } from "../../judging/model-family.ts";
import { questionAndAnswer } from "../../judging/parts.ts";
import { defineKind, failed, SHARE, scored } from "../../scoring/kind.ts";

const { model, ...settings } = judgeSettings;
const Params = z.strictObject({
  ...settings,
  models: z
    .array(model)
    .min(2)
    .max(9)
    .refine((all) => new Set(all).size === all.length, "must not name a model twice")
    .describe("The judges: three or more, from different model families."),
  criteria: z.string().trim().min(1).max(8_000).describe("The criterion to judge by."),
  scale,
  rule: z.enum(["mean", "median"]).default("mean"),
});
type Params = z.output<typeof Params>;

const exampleOf = ({ scale: { min, max } }: Params) => `{"reason": "<why>", "score": <${min} to ${max}>}`;

const instructionsOf = ({ criteria, scale: { min, max } }: Params) =>
  [
    `You judge the answer of an assistant to a question by this criterion:\n${criteria}`,
    `Say why in "reason", in a few sentences, then give one whole number from ${min} (worst) to ${max} (best).`,
  ].join("\n\n");

export const jury = defineKind({
  id: "jury",
  label: "Jury",
  group: "judge",
  summary:
    "Several models judge, and the value is the mean or the median of their scores. Fails when half of the judges or fewer give a score. For a whole run, it also reports how far the judges agree (Krippendorff's α).",
  params: Params,
  output: SHARE,
  needs: ["judge"],
  prompt: (params) => toldTo(instructionsOf(params), exampleOf(params)),
  calls: ({ models }) => models.map((judge) => ({ model: judge, least: 1, most: 1 })),
  describe: ({ models, scale: range }, judged) => agreement(models, judged, range.max - range.min),
  open(params) {
    const shape = z.object({ reason: z.string().default(""), score: scoreOn(params.scale) });
    return async (sample, tools) => {
      const answers = await Promise.all(
        params.models.map(async (judge) => {
          const asked = await askJudge(tools, {
            settings: { ...params, model: judge },
            sample,
            shape,
            instructions: instructionsOf(params),
            example: exampleOf(params),
            parts: questionAndAnswer(sample),
          });
          return { judge, asked, score: asked.kind === "answer" ? asked.value.score : null };
        }),
      );
      const votes = answers.map(({ judge, asked, score }) => ({
        judge,
        family: familyOf(judge),
        score,
        ...(asked.kind === "answer" ? { ...asked.details, reason: asked.value.reason } : asked.verdict.details),
        ...(asked.kind === "failed" && { failure: asked.verdict.reason }),
      }));
      const scores = votes.flatMap(({ score }) => score ?? []);
      const details = { votes, familyCount: new Set(votes.map(({ family }) => family)).size };
      if (scores.length * 2 <= params.models.length)
        return failed(`Only ${scores.length} of ${params.models.length} judges gave a score.`, details);
      const value = params.rule === "mean" ? mean(scores) : median(scores);
      return scored(share(value, params.scale), { reason: `Scores: ${scores.join(", ")}.`, details });
    };
  },
});

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return mean(sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1));
}

/** The agreement of the judges over many samples, with their scores as numbers of a scale. */
function agreement(models: readonly string[], judged: readonly { details?: unknown }[], width: number) {
  const units = judged.flatMap(({ details }) => {
    if (!isRecord(details) || !Array.isArray(details.votes)) return [];
    const votes = details.votes.filter(isRecord);
    const scoreOf = (judge: string) => votes.find((vote) => vote.judge === judge)?.score;
    return [models.map(scoreOf).map((score) => (typeof score === "number" ? score : null))];
  });
  const { value, signature, reason } = krippendorffAlpha(units, { level: width > 1 ? "interval" : "nominal" });
  return { krippendorffAlpha: value, agreementSignature: signature, agreementReason: reason };
}
