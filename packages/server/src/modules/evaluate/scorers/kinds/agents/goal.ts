import { z } from "zod";
import { askJudge, toldTo } from "../../judging/ask-judge.ts";
import { judgeSettings } from "../../judging/judge-params.ts";
import { questionAndAnswer, referenceOf } from "../../judging/parts.ts";
import { defineKind, truth, YES_NO } from "../../scoring/kind.ts";
import { contentText } from "../../scoring/read-sample.ts";

const Params = z.strictObject({
  ...judgeSettings,
  goal: z
    .string()
    .trim()
    .max(4_000)
    .default("")
    .describe("The goal to reach. Leave it empty to use the user's request and the expected answer of each sample."),
});
type Params = z.output<typeof Params>;

const Shape = z.object({ reason: z.string().default(""), reached: z.boolean() });
const EXAMPLE = '{"reason": "<why>", "reached": <true or false>}';
const MOST_CHARACTERS = 60_000;

const instructionsOf = ({ goal }: Params) =>
  [
    "You read a conversation in which an assistant works for a user, with the calls of tools it made, and say whether the user's goal was reached at its end. Only what was done counts, not what was promised or claimed without a sign of it.",
    goal === "" ? "The goal is what the user asks for, and what EXPECTED says where it is given." : `The goal: ${goal}`,
    'Say why in "reason", in a few sentences, then whether it was "reached": true or false.',
  ].join("\n");

export const goal = defineKind({
  id: "goal",
  label: "Goal reached",
  group: "agent",
  summary: "A model reads the whole conversation with its tool calls and decides whether the goal was reached.",
  params: Params,
  output: YES_NO,
  needs: ["judge"],
  prompt: (params) => toldTo(instructionsOf(params), EXAMPLE),
  open: (params) => async (sample, tools) => {
    const reference = referenceOf(sample);
    const talk = (sample.messages ?? [])
      .map(
        ({ role, content, tool_calls: calls }) =>
          `${role}: ${contentText(content)}${calls ? ` ${JSON.stringify(calls)}` : ""}`,
      )
      .join("\n");
    const asked = await askJudge(tools, {
      settings: params,
      sample,
      shape: Shape,
      instructions: instructionsOf(params),
      example: EXAMPLE,
      parts: [
        ...(talk === "" ? [] : [{ name: "CONVERSATION", text: talk.slice(-MOST_CHARACTERS) }]),
        ...questionAndAnswer(sample),
        ...(reference === "" ? [] : [{ name: "EXPECTED", text: reference }]),
      ],
    });
    if (asked.kind === "failed") return asked.verdict;
    return truth(asked.value.reached, asked.value.reason, { details: asked.details });
  },
});
