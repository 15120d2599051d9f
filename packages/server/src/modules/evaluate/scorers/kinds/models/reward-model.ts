import type { ScorerSample } from "@treadle/contract";
import { z } from "zod";
import { defineKind, scored, unscored } from "../../scoring/kind.ts";
import { contentText, questionOf } from "../../scoring/read-sample.ts";

const Params = z.strictObject({
  model: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe(
      "A reward model from your registry, such as `helpfulness@v3`. Do not compare scores of different versions.",
    ),
});

export const rewardModel = defineKind({
  id: "reward-model",
  label: "Reward model",
  group: "judge",
  summary:
    "The reward that a model from your registry gives to the answer in its conversation. A reward has no fixed range, so compare it only with rewards of the same model version. Undefined for an empty answer.",
  params: Params,
  output: { type: "number", min: null, max: null, direction: "higher", unit: "" },
  needs: ["reward-model"],
  open:
    ({ model }) =>
    async (sample, tools) => {
      if (sample.output.trim() === "") return unscored("The answer is empty.");
      const messages = conversationOf(sample);
      if (messages.length === 0) return unscored("The sample has no conversation for the answer.");
      const { reward, ...about } = await tools.reward({ model, messages, answer: sample.output });
      return scored(reward, { details: { ...about, probability: 1 / (1 + Math.exp(-reward)) } });
    },
});

/** The model's input, in the roles that chat templates support. */
function conversationOf(sample: ScorerSample): readonly Readonly<Record<string, unknown>>[] {
  const { messages = [] } = sample;
  if (messages.length > 0)
    return messages.map(({ role, content, ...more }) => ({
      ...more,
      role: role === "developer" ? "system" : role,
      content: contentText(content),
    }));
  const question = questionOf(sample);
  return question.trim() === "" ? [] : [{ role: "user", content: question }];
}
