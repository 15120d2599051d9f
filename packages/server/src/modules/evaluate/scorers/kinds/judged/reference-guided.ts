import { z } from "zod";
import { askJudge, toldTo } from "../../judging/ask-judge.ts";
import { judgeSettings } from "../../judging/judge-params.ts";
import { questionAndAnswer, referenceOf } from "../../judging/parts.ts";
import { defineKind, SHARE, scored, unscored } from "../../scoring/kind.ts";

const Params = z.strictObject({
  ...judgeSettings,
  guidance: z.string().trim().max(4_000).default("").describe("Extra rules for what counts as correct."),
});
type Params = z.output<typeof Params>;

const VALUES = { correct: 1, partial: 0.5, incorrect: 0 } as const;
const Shape = z.object({ reason: z.string().default(""), verdict: z.enum(["correct", "partial", "incorrect"]) });
const EXAMPLE = '{"reason": "<why>", "verdict": "<correct, partial or incorrect>"}';

const instructionsOf = ({ guidance }: Params) =>
  [
    'You compare the answer of an assistant to a question with the expected answer. It is "correct" when it says the same, in whatever words; "partial" when something essential is missing and nothing is wrong; "incorrect" otherwise. What it says beyond the expected answer counts only when it contradicts it.',
    guidance,
    'Say why in "reason", in one or two sentences, then give the verdict.',
  ]
    .filter(Boolean)
    .join("\n");

export const referenceGuided = defineKind({
  id: "reference-guided",
  label: "Correct by the expected answer",
  group: "judge",
  summary:
    "A model compares the answer with the expected answer: correct is 1, partial is 0.5, incorrect is 0. The most reliable judge when you have expected answers.",
  params: Params,
  output: { ...SHARE, type: "label" },
  needs: ["judge", "expected"],
  prompt: (params) => toldTo(instructionsOf(params), EXAMPLE),
  open: (params) => async (sample, tools) => {
    const reference = referenceOf(sample);
    if (reference.trim() === "") return unscored("There is no expected answer.");
    const asked = await askJudge(tools, {
      settings: params,
      sample,
      shape: Shape,
      instructions: instructionsOf(params),
      example: EXAMPLE,
      parts: [...questionAndAnswer(sample), { name: "EXPECTED ANSWER", text: reference }],
    });
    if (asked.kind === "failed") return asked.verdict;
    const { verdict, reason } = asked.value;
    return scored(VALUES[verdict], { label: verdict, reason, details: asked.details });
  },
});
