import { z } from "zod";
import { askJudge, toldTo } from "../../judging/ask-judge.ts";
import { judgeSettings } from "../../judging/judge-params.ts";
import { cosine } from "../../scoring/cosine.ts";
import { defineKind, scored, unscored } from "../../scoring/kind.ts";
import { questionOf } from "../../scoring/read-sample.ts";

const Params = z.strictObject({ ...judgeSettings, questions: z.number().int().min(1).max(10).default(3) });

const Shape = z.object({
  questions: z
    .array(z.object({ question: z.string().min(1), noncommittal: z.boolean() }))
    .min(1)
    .max(20),
});
const EXAMPLE = '{"questions": [{"question": "<question>", "noncommittal": <true or false>}]}';
const instructionsOf = ({ questions }: { questions: number }) =>
  `Write ${questions} different questions that the ANSWER would answer completely. Mark each with "noncommittal": true when the answer evades, such as "I do not know".`;

export const answerRelevancy = defineKind({
  id: "answer-relevancy",
  label: "Answer relevancy",
  group: "rag",
  summary:
    "How close the question is to questions that a model derives from the answer, by cosine similarity (English). 0 when the answer is evasive. It does not measure correctness.",
  params: Params,
  output: { type: "number", min: -1, max: 1, direction: "higher", unit: "" },
  needs: ["judge", "embedding"],
  prompt: (params) => toldTo(instructionsOf(params), EXAMPLE),
  open: (params) => async (sample, tools) => {
    const question = questionOf(sample);
    if (question.trim() === "") return unscored("The sample has no question.");
    if (sample.output.trim() === "") return unscored("The answer is empty.");
    const asked = await askJudge(tools, {
      settings: params,
      sample,
      shape: Shape,
      instructions: instructionsOf(params),
      example: EXAMPLE,
      parts: [{ name: "ANSWER", text: sample.output }],
    });
    if (asked.kind === "failed") return asked.verdict;
    const made = asked.value.questions.slice(0, params.questions);
    const details = { ...asked.details, questions: made };
    if (made.every(({ noncommittal }) => noncommittal)) return scored(0, { reason: "The answer is evasive.", details });
    const [own = [], ...others] = await tools.embed([question, ...made.map((one) => one.question)]);
    const values = others.flatMap((other) => cosine(own, other) ?? []);
    if (values.length === 0) return unscored("The question has no embedding.", details);
    return scored(values.reduce((sum, value) => sum + value, 0) / values.length, { details });
  },
});
