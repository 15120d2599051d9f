import { z } from "zod";
import { textOf } from "../items/item-text.ts";
import { firstBroken, type Limits, MEASURES, type Measure, measureText, PRESETS } from "../rules/measures.ts";
import { takeApart } from "../rules/words.ts";
import { Action, act, nothing, TextOf } from "../step/actions.ts";
import { rowStep } from "../step/row-step.ts";

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
    .describe("The measures to check, each with a minimum or maximum."),
  action: Action.default("drop"),
});

export const quality = rowStep({
  id: "quality",
  label: "Quality rules",
  describe:
    "Measures each text (length, repetition, symbols, sentences) and checks it against limits. The limits come from the Gopher, C4 and FineWeb papers, which are for long documents, or from a milder set for chats.",
  group: "quality",
  params: Params,
  presets: Object.entries(PRESETS).map(([presetId, { label, limits }]) => ({
    presetId,
    label,
    params: { limits: { ...limits } },
  })),
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
