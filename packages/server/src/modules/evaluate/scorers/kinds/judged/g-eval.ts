import { z } from "zod";
import { countOf } from "../../../../../kernel/count-of.ts";
import { askJudge, type JudgeAnswer, toldTo } from "../../judging/ask-judge.ts";
import { judgeSettings, scale, scoreOn, share } from "../../judging/judge-params.ts";
import { questionAndAnswer } from "../../judging/parts.ts";
import { expectedScore } from "../../judging/token-scores.ts";
import { defineKind, failed, SHARE, scored, type Verdict } from "../../scoring/kind.ts";
import type { ScorerTools } from "../../scoring/scorer-tools.ts";

const Params = z.strictObject({
  ...judgeSettings,
  criteria: z.string().trim().min(1).max(8_000).describe("The criterion to judge by."),
  steps: z
    .array(z.string().trim().min(1).max(2_000))
    .max(20)
    .default([])
    .describe(
      "The steps of the judgment. Leave it empty to have the judge write them once before the first sample; they may then differ between runs.",
    ),
  scale,
  samples: z
    .number()
    .int()
    .min(1)
    .max(20)
    .default(5)
    .describe("How many responses to average when the judge gives no token probabilities."),
  sampleTemperature: z.number().min(0).max(2).default(1),
});
type Params = z.output<typeof Params>;

type Score = { readonly score: number };
const Steps = z.object({ steps: z.array(z.string().min(1)).min(1).max(20) });
const exampleOf = ({ scale: { min, max } }: Params) => `{"score": <${min} to ${max}>}`;

const instructionsOf = ({ criteria, scale: { min, max } }: Params, steps: readonly string[]) =>
  [
    `You judge the answer of an assistant to a question by this criterion:\n${criteria}`,
    `Go through these steps in your mind:\n${steps.map((step, at) => `${at + 1}. ${step}`).join("\n")}`,
    `Then give one whole number from ${min} (worst) to ${max} (best), and nothing else.`,
  ].join("\n\n");

export const gEval = defineKind({
  id: "g-eval",
  label: "G-Eval",
  group: "judge",
  summary:
    "A model gives one score. With token probabilities, the value is the mean of all possible scores, weighted by probability. Without them, it is the mean of several responses. The reason says which was used.",
  params: Params,
  output: SHARE,
  needs: ["judge"],
  prompt: (params) => toldTo(instructionsOf(params, params.steps), exampleOf(params)),
  calls: ({ model, samples }) => [{ model, least: 1, most: samples }],
  open(params) {
    const shape = z.object({ score: scoreOn(params.scale) });
    let written: Promise<readonly string[] | Verdict> | undefined;
    return async (sample, tools) => {
      written ??= params.steps.length > 0 ? Promise.resolve(params.steps) : writeSteps(params, tools);
      const steps = await written;
      if (!isSteps(steps)) {
        written = undefined;
        return steps;
      }
      const ask = (temperature: number, more: object): Promise<JudgeAnswer<Score>> =>
        askJudge(tools, {
          settings: { ...params, temperature },
          sample,
          shape,
          example: exampleOf(params),
          more,
          instructions: instructionsOf(params, steps),
          parts: questionAndAnswer(sample),
        });
      const first = await ask(params.temperature, { logprobs: true, top_logprobs: 20 });
      if (first.kind === "failed") return first.verdict;
      const weighted = expectedScore(first.details.rawAnswer, first.logprobs, params.scale);
      const about = { steps: [...steps], ...first.details };
      if (weighted !== null)
        return scored(share(weighted.score, params.scale), {
          reason: `Weighted by the probabilities of ${weighted.weights.length} scores.`,
          details: { ...about, method: "token-probabilities", weights: weighted.weights },
        });
      return meanOfAnswers(params, { first, about, ask: () => ask(params.sampleTemperature, {}) });
    };
  },
});

const isSteps = (value: readonly string[] | Verdict): value is readonly string[] => Array.isArray(value);

async function writeSteps(params: Params, tools: ScorerTools): Promise<readonly string[] | Verdict> {
  const asked = await askJudge(tools, {
    settings: { ...params, temperature: 0 },
    sample: { output: "" },
    shape: Steps,
    example: '{"steps": ["<step>", "<step>"]}',
    instructions:
      "Write the steps, at most six short sentences, by which somebody should judge an answer of an assistant by the criterion below.",
    parts: [{ name: "CRITERION", text: params.criteria }],
  });
  return asked.kind === "failed" ? asked.verdict : asked.value.steps;
}

type Sampling = {
  readonly first: Extract<JudgeAnswer<Score>, { kind: "answer" }>;
  readonly about: Readonly<Record<string, unknown>>;
  ask(): Promise<JudgeAnswer<Score>>;
};

async function meanOfAnswers({ scale: range, samples }: Params, { first, about, ask }: Sampling): Promise<Verdict> {
  const others = await Promise.all(Array.from({ length: samples - 1 }, ask));
  const scores = [first, ...others].flatMap((one) => (one.kind === "answer" ? [one.value.score] : []));
  if (scores.length * 2 <= samples)
    return failed(`Only ${scores.length} of ${samples} responses of the judge contain a score on the scale.`, {
      ...about,
      parseStatus: "misshapen",
    });
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return scored(share(mean, range), {
    reason: `The mean of ${countOf(scores.length, "response")}.`,
    details: { ...about, method: "samples", scores },
  });
}
