import { bitsPerByteFromStats, likelihoodStats, perplexityFromStats } from "@treadle/metrics";
import { z } from "zod";
import { Extract, extractPart } from "../extract-part.ts";
import { questionOf } from "../read-sample.ts";
import { amount, defineKind, scored, unscored } from "./kind.ts";

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
    .describe("Only bytes compare between models with different tokenizers."),
  after: z
    .enum(["nothing", "question"])
    .default("nothing")
    .describe("Whether the model reads the answer on its own, or as its reply to the question in its own template."),
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
    "How surprised a local model is by the answer, whoever wrote it: exp of the mean negative log-probability of a token, a word or a byte, or bits for a byte. Undefined for an empty answer.",
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
      if (text === null) return unscored("The pattern finds nothing in the answer.");
      if (text.trim() === "") return unscored("The answer is empty, and nothing is not likely or unlikely.");
      const question = after === "question" ? questionOf(sample) : null;
      if (question?.trim() === "") return unscored("The sample has no question that the answer could come after.");
      const { tokens, beginning } = await tools.logprobs({ modelId: model, text, question });
      const stats = likelihoodStats({ logProbabilities: tokens.map(({ logprob }) => logprob), text });
      const { value, reason } = measureOf(stats, per);
      if (value === null) return unscored(reason ?? "There is none.");
      return scored(value, {
        stats,
        details: {
          ...{ tokenPerplexity: finite(perplexityFromStats(stats, "token").value) },
          ...{ wordPerplexity: finite(perplexityFromStats(stats, "word").value) },
          ...{ bytePerplexity: finite(perplexityFromStats(stats, "byte").value) },
          ...{ bitsPerByte: finite(bitsPerByteFromStats(stats).value), tokens: tokens.length, beginning },
        },
      });
    };
  },
});

/** A word of many unlikely tokens can be beyond all numbers. */
const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);
