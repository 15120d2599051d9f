import { z } from "zod";
import { textOf } from "../item-text.ts";
import { firstBroken, type Limits, MEASURES, type Measure, measureText, PRESETS } from "../rules/measures.ts";
import { takeApart } from "../rules/words.ts";
import { Action, act, nothing, TextOf } from "./actions.ts";
import { rowStep } from "./row-step.ts";

const Limit = z.strictObject({ min: z.number().optional(), max: z.number().optional() });
const limitOf = (label: string) => Limit.optional().describe(label);
const shape: Record<string, ReturnType<typeof limitOf>> = Object.fromEntries(
  Object.entries(MEASURES).map(([name, label]) => [name, limitOf(label)]),
);

const Params = z.strictObject({
  of: TextOf.default("all"),
  limits: z
    .strictObject(shape)
    .default({ ...PRESETS.chat.limits })
    .describe("The measures that count, each with a smallest or largest value."),
  action: Action.default("drop"),
});

export const quality = rowStep({
  id: "quality",
  label: "Quality rules",
  describe:
    "Measures each text (length, repetition, symbols, sentences) and holds it against limits: those of the papers on Gopher, C4 and FineWeb, which are made for long documents, or a milder set for chats.",
  group: "quality",
  params: Params,
  presets: Object.entries(PRESETS).map(([id, { label, limits }]) => ({ id, label, params: { limits: { ...limits } } })),
  judge({ of, limits: given, action }) {
    const limits: Limits = given;
    return (item) => {
      const measures = measureText(takeApart(textOf(item, of)), limits);
      const broken = firstBroken(measures, limits);
      const all: Partial<Record<Measure, number>> & Record<string, number> = { ...measures };
      return broken ? act(item, broken, { action, flags: [`quality:${broken.rule}`], measures: all }) : nothing(all);
    };
  },
});
