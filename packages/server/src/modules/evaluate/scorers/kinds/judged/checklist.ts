import { z } from "zod";
import { askJudge, toldTo } from "../../judging/ask-judge.ts";
import { judgeSettings } from "../../judging/judge-params.ts";
import { questionAndAnswer } from "../../judging/parts.ts";
import { defineKind, SHARE, scored, unscored } from "../../scoring/kind.ts";

const Params = z.strictObject({
  ...judgeSettings,
  questions: z
    .array(z.string().trim().min(1).max(1_000))
    .min(1)
    .max(30)
    .describe("Yes-or-no questions about the answer, such as `Does it name a price?`"),
});
type Params = z.output<typeof Params>;

const shapeOf = ({ questions }: Params) =>
  z.object({ answers: z.array(z.enum(["yes", "no", "not applicable"])).length(questions.length) });

const instructionsOf = ({ questions }: Params) =>
  [
    "You check the answer of an assistant to a question against a list:",
    ...questions.map((question, at) => `${at + 1}. ${question}`),
    'Answer each of them, in this order, with "yes", "no", or "not applicable" when it makes no sense here.',
  ].join("\n");
const exampleOf = ({ questions }: Params) =>
  JSON.stringify({ answers: questions.map((_, at) => `<yes, no or not applicable to ${at + 1}>`) });

export const checklist = defineKind({
  id: "checklist",
  label: "Checklist",
  group: "judge",
  summary:
    "A model answers a list of yes-or-no questions. The value is the share of yes among the questions that apply. Undefined when none applies.",
  params: Params,
  output: SHARE,
  needs: ["judge"],
  prompt: (params) => toldTo(instructionsOf(params), exampleOf(params)),
  open: (params) => async (sample, tools) => {
    const asked = await askJudge(tools, {
      settings: params,
      sample,
      shape: shapeOf(params),
      instructions: instructionsOf(params),
      example: exampleOf(params),
      parts: questionAndAnswer(sample),
    });
    if (asked.kind === "failed") return asked.verdict;
    const { answers } = asked.value;
    const applicable = answers.filter((answer) => answer !== "not applicable");
    const details = { ...asked.details, answers };
    if (applicable.length === 0) return unscored("None of the questions applies.", details);
    const missed = params.questions.filter((_, at) => answers[at] === "no");
    const met = applicable.length - missed.length;
    return scored(met / applicable.length, {
      reason: missed.length > 0 ? `No: ${missed.join(" ")}` : "All questions are met.",
      details,
    });
  },
});
