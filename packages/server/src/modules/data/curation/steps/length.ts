import { z } from "zod";
import { textOf } from "../items/item-text.ts";
import { messagesOf } from "../items/messages.ts";
import { wordsOf } from "../rules/words.ts";
import { Action, act, findOutside, nothing, TextOf } from "../step/actions.ts";
import { rowStep } from "../step/row-step.ts";

const UNITS = ["characters", "words", "turns"] as const;

const Params = z
  .strictObject({
    of: TextOf.default("all"),
    unit: z.enum(UNITS).default("characters").describe("`turns` counts the messages of a conversation."),
    min: z.number().int().min(0).max(100_000_000).default(1),
    max: z.number().int().min(0).max(100_000_000).optional(),
    action: Action.default("drop"),
  })
  .refine(({ min, max }) => max === undefined || min <= max, { message: "must not be more than `max`", path: ["min"] });

export const length = rowStep({
  id: "length",
  label: "Length",
  describe: "Limits the length of the inputs, the expected output or both.",
  group: "quality",
  params: Params,
  judge: ({ of, unit, min, max, action }) => {
    const measure = {
      characters: (text: string) => text.length,
      words: (text: string) => wordsOf(text).length,
    };
    return (item) => {
      const value = unit === "turns" ? (messagesOf(item)?.length ?? 0) : measure[unit](textOf(item, of));
      const finding = findOutside({ unit, value, min, max });
      const measures = { [unit]: value };
      return finding ? act(item, finding, { action, flags: [`length:${finding.rule}`], measures }) : nothing(measures);
    };
  },
});
