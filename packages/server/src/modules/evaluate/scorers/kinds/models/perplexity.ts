import { bitsPerByteFromStats, likelihoodStats, perplexityFromStats } from "@treadle/metrics";
import { z } from "zod";
import { Extract, extractPart } from "../../scoring/extract-part.ts";
import { amount, defineKind, scored, unscored } from "../../scoring/kind.ts";
import { questionOf } from "../../scoring/read-sample.ts";

const Params = z.strictObject({
  model: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .describe("The id of a local model that reads the answer, such as `smollm2-135m-instruct`."),
  per: z
    .enum(["token", "word", "byte", "bits-per-byte"])
    .default("byte")
    .describe("Use bytes to compare models with different tokenizers."),
  after: z
    .enum(["nothing", "question"])
    .default("nothing")
    .describe("Whether the model reads the answer alone, or as a reply to the question in its chat template."),
  extract: Extract,
});
type Per = z.output<typeof Params>["per"];

const measureOf = (stats: readonly number[], per: Per) =>
  per === "bits-per-byte" ? bitsPerByteFromStats(stats) : perplexityFromStats(stats, per);

export const perplexity = defineKind({
  id: "perplexity",
  label: "Perplexity",
  group: "text",
  summary:
    "How surprised a local model is by the answer, whichever model wrote it: exp of the mean negative log-probability per token, word or byte, or bits per byte. Undefined for an empty answer.",
  params: Params,
  output: amount("", "lower"),
  needs: ["local-model"],
  signature: ({ model, per, after, extract }) => {
    const part = extract === "" ? [] : [`extract:${JSON.stringify(extract)}`];
    return [measureOf([0, 0, 0, 0], per).signature, `model:${model}`, `after:${after}`, ...part].join("|");
  },
  fromStats:
    ({ per }) =>
    (sums) =>
      measureOf(sums, per).value,
  open({ model, per, after, extract }) {
    const partOf = extractPart(extract);
    return async (sample, tools) => {
      const text = partOf(sample.output);
      if (text === null) return unscored("The pattern matches nothing in the answer.");
      if (text.trim() === "") return unscored("The answer is empty, so it has no probability.");
      const question = after === "question" ? questionOf(sample) : null;
      if (question?.trim() === "") return unscored("The sample has no question to put before the answer.");
      const { tokens, beginning } = await tools.logprobs({ modelId: model, text, question });
      const stats = likelihoodStats({ logProbabilities: tokens.map(({ logprob }) => logprob), text });
      const { value, reason } = measureOf(stats, per);
      if (value === null) return unscored(reason ?? "The sample has none.");
      return scored(value, {
        stats,
        details: {
          tokenPerplexity: finite(perplexityFromStats(stats, "token").value),
          wordPerplexity: finite(perplexityFromStats(stats, "word").value),
          bytePerplexity: finite(perplexityFromStats(stats, "byte").value),
          bitsPerByte: finite(bitsPerByteFromStats(stats).value),
          tokens: tokens.length,
          beginning,
        },
      });
    };
  },
});

/** A word of many unlikely tokens can be beyond all numbers. */
const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);
