import type { QualityReport, ReportModel } from "@treadle/contract";
import type { Tokenizer } from "../texts/count-tokens.ts";
import type { ItemFacts } from "../texts/measure-item.ts";

/** The default models: models in common use, at list price. */
export const COMMON_MODELS: readonly ReportModel[] = [
  { provider: "openai", model: "gpt-4o-mini" },
  { provider: "openai", model: "gpt-4.1" },
  { provider: "anthropic", model: "claude-sonnet-4-5" },
  { provider: "google", model: "gemini-2.5-flash" },
];

/** US dollars of one call. Null if the price is unknown. */
export type Price = (call: {
  provider: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
}) => number | null;
type Tokens = { readonly input: number; readonly output: number };

type Counting = {
  readonly models: readonly ReportModel[];
  readonly epochs: number;
  readonly price: Price;
};

/** The tokenizer of a model, and whether it is the model's own. */
export function tokenizerOf({ provider, model }: ReportModel): { tokenizer: Tokenizer; isExact: boolean } {
  if (provider !== "openai" && provider !== "azure") return { tokenizer: "o200k_base", isExact: false };
  return { tokenizer: /^gpt-(?:3\.5|4(?!o|\.1|\.5))/.test(model) ? "cl100k_base" : "o200k_base", isExact: true };
}

/** Adds up what each model would read and write, item by item, since a price may depend on a call's length. */
export function createCosts({ models, epochs, price }: Counting) {
  const sums = models.map((model) => ({ model, input: 0, output: 0, runUsd: 0 as number | null }));

  return {
    /** `local` holds the tokens by those models whose own tokenizer counted. */
    add(facts: ItemFacts, local: ReadonlyMap<string, Tokens>): void {
      for (const sum of sums) {
        const { provider, model } = sum.model;
        const { input, output } = local.get(model) ??
          facts.tokens[tokenizerOf(sum.model).tokenizer] ?? { input: 0, output: 0 };
        sum.input += input;
        sum.output += output;
        const usd = sum.runUsd === null ? null : price({ provider, model, inputTokens: input, outputTokens: output });
        sum.runUsd = usd === null || sum.runUsd === null ? null : sum.runUsd + usd;
      }
    },
    finish: (): QualityReport["tokens"] =>
      sums.map(({ model: { provider, model, trainUsdPerMillion }, input, output, runUsd }) => {
        const isLocal = provider === "local";
        const { tokenizer, isExact } = tokenizerOf({ provider, model });
        const trainingTokens = (input + output) * epochs;
        return {
          provider,
          model,
          tokenizer: isLocal ? `local:${model}` : tokenizer,
          isExact: isLocal || isExact,
          inputTokens: input,
          outputTokens: output,
          trainingTokens,
          runUsd,
          trainUsd: trainUsdPerMillion === undefined ? null : (trainingTokens / 1e6) * trainUsdPerMillion,
        };
      }),
  };
}
