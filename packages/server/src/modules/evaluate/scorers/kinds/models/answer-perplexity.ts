import { likelihoodStats, perplexityFromStats } from "@treadle/metrics";
import { z } from "zod";
import { amount, defineKind, scored, unscored } from "../../scoring/kind.ts";

const Params = z.strictObject({
  per: z.enum(["token", "byte"]).default("token").describe("Use bytes to compare models with different tokenizers."),
});

export const answerPerplexity = defineKind({
  id: "answer-perplexity",
  label: "Perplexity of the answer",
  group: "text",
  summary:
    "How surprised the model was by its own answer: exp of the mean negative log-probability of its tokens. It is not the perplexity of a given text. Undefined without log-probabilities.",
  params: Params,
  output: amount("", "lower"),
  needs: [],
  signature: ({ per }) => perplexityFromStats([0, 0, 0, 0], per).signature.replace("perplexity", "answer-perplexity"),
  fromStats:
    ({ per }) =>
    (sums) =>
      perplexityFromStats(sums, per).value,
  open:
    ({ per }) =>
    ({ tokenLogprobs = [], output }) => {
      if (tokenLogprobs.length === 0) return unscored("The answer has no log-probabilities of its tokens.");
      if (tokenLogprobs.some((value) => !(value <= 0))) return unscored("A log-probability is above 0.");
      const stats = likelihoodStats({ logProbabilities: tokenLogprobs, text: output });
      const { value, reason } = perplexityFromStats(stats, per);
      return value === null ? unscored(reason ?? "The answer has none.") : scored(value, { stats });
    },
});
