import { TOKENIZERS } from "@treadle/contract";
import { z } from "zod";
import { textOf } from "../items/item-text.ts";
import { Action, act, findOutside, nothing, TextOf } from "../step/actions.ts";
import { inBatches } from "../step/row-step.ts";
import type { Step, StepContext, Verdict } from "../step/step.ts";

const Params = z
  .strictObject({
    of: TextOf.default("all"),
    tokenizer: z
      .union([
        z.enum(TOKENIZERS),
        z.string().regex(/^local:.{1,300}$/, "use `local:` followed by the id of a local model"),
      ])
      .default("o200k_base")
      .describe("A built-in vocabulary, or `local:` followed by the id of a local model to use its tokenizer."),
    min: z.number().int().min(0).max(10_000_000).default(0),
    max: z
      .number()
      .int()
      .min(0)
      .max(10_000_000)
      .default(8_192)
      .describe("Maximum number of tokens, such as the sequence length of your training."),
    action: Action.default("drop"),
  })
  .refine(({ min, max }) => min <= max, { message: "must not be more than `max`", path: ["min"] });

export const tokens: Step<typeof Params> = {
  id: "tokens",
  label: "Token limits",
  describe:
    "Counts the tokens of each text with a model's tokenizer and removes items that are too short or too long. The few tokens that a chat template adds per turn are not counted.",
  group: "quality",
  params: Params,
  isSetWise: false,
  run: judgeTokens,
};

async function* judgeTokens(
  { tools, read, signal }: StepContext,
  params: z.output<typeof Params>,
): AsyncGenerator<Verdict> {
  const { of, tokenizer, min, max, action } = params;
  for await (const items of inBatches(read())) {
    signal.throwIfAborted();
    const counts = await tools.countTokens(
      items.map((item) => textOf(item, of)),
      tokenizer,
    );
    for (const [index, item] of items.entries()) {
      const value = counts[index] ?? 0;
      const finding = findOutside({ unit: "tokens", value, min, max });
      const measures = { tokens: value };
      yield {
        item,
        ...(finding ? act(item, finding, { action, flags: ["tokens:length"], measures }) : nothing(measures)),
      };
    }
  }
}
