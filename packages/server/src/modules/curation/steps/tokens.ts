import { TOKENIZERS } from "@treadle/contract";
import { z } from "zod";
import { textOf } from "../item-text.ts";
import { Action, act, findOutside, nothing, TextOf } from "./actions.ts";
import { inBatches } from "./row-step.ts";
import type { Step, StepContext, Verdict } from "./step.ts";

const Params = z
  .strictObject({
    of: TextOf.default("all"),
    tokenizer: z
      .union([z.enum(TOKENIZERS), z.string().regex(/^local:.{1,300}$/, "use `local:` and the id of a local model")])
      .default("o200k_base")
      .describe("A vocabulary, or `local:` and the id of a model of this machine, whose own tokenizer counts."),
    min: z.number().int().min(0).max(10_000_000).default(0),
    max: z
      .number()
      .int()
      .min(0)
      .max(10_000_000)
      .default(8_192)
      .describe("Such as the length that a model is trained with."),
    action: Action.default("drop"),
  })
  .refine(({ min, max }) => min <= max, { message: "must not be more than `max`", path: ["min"] });

export const tokens: Step<typeof Params> = {
  id: "tokens",
  label: "Token limits",
  describe:
    "Counts the tokens of each text as a model does and removes items that are too short or too long for it. The few tokens that a chat template adds to each turn are not counted.",
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
      const found = findOutside({ unit: "tokens", value, min, max });
      const measures = { tokens: value };
      yield { item, ...(found ? act(item, found, { action, flags: ["tokens:length"], measures }) : nothing(measures)) };
    }
  }
}
