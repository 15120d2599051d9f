import type { Item } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import {
  CONTAMINATION_DEFAULTS,
  type ContaminatedItem,
  openContamination,
} from "../contamination/find-contamination.ts";
import { Action, act } from "../step/actions.ts";
import { gently } from "../step/feed.ts";
import { inBatches } from "../step/row-step.ts";
import { kept, type Step, type Verdict } from "../step/step.ts";

const Params = z.strictObject({
  words: z
    .number()
    .int()
    .min(4)
    .max(50)
    .default(CONTAMINATION_DEFAULTS.words)
    .describe(
      "How many consecutive words of an evaluation item count as an overlap. Shorter prompts are compared as a whole.",
    ),
  similarity: z
    .number()
    .min(0.5)
    .max(1)
    .default(CONTAMINATION_DEFAULTS.similarity)
    .describe(
      "Minimum similarity at which a short prompt counts as the same as an evaluation item (Jaccard over 5-character pieces).",
    ),
  overlap: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("Minimum share of an evaluation item that must overlap. With 0, any run of words is enough."),
  action: Action.default("drop"),
});

const REASONS: Readonly<Record<ContaminatedItem["rule"], string>> = {
  "same-prompt": "Has the same question as",
  "similar-prompt": "Has nearly the same question as",
  "shared-words": "Shares consecutive words with",
};

export const decontamination: Step<typeof Params> = {
  id: "decontamination",
  label: "Decontamination",
  describe:
    "Finds items that overlap with a dataset marked as evaluation. A model trained on such items could score well from memory alone.",
  group: "leaks",
  params: Params,
  isSetWise: false,
  async *run(context, { overlap, action, ...params }) {
    const { signal, tools } = context;
    const sets = await tools.evaluationSets();
    if (sets.length === 0) throw nothingToCompare();
    const contamination = await openContamination({ sets, params, signal });
    try {
      for await (const items of inBatches(gently(context))) {
        const matches = await contamination.check(items);
        yield* items.map((item, index) => verdictOn(item, matches[index] ?? null, { overlap, action }));
      }
    } finally {
      await contamination.close();
    }
  },
};

type Choice = Pick<z.output<typeof Params>, "overlap" | "action">;

function verdictOn(item: Item, found: ContaminatedItem | null, { overlap, action }: Choice): Verdict {
  if (!found || found.overlap < overlap) return kept(item);
  const { rule, datasetId, datasetName, itemId } = found;
  const value = Math.round(found.overlap * 10_000) / 10_000;
  const reason = `${REASONS[rule]} ${itemId} of ${datasetName} (overlap ${value})`;
  const verdict = act(item, { rule, reason, value, threshold: overlap }, { action, flags: [`contaminated:${rule}`] });
  return { ...verdict, item, related: { datasetId, itemId } };
}

const nothingToCompare = () =>
  new AppError("unprocessable", {
    message:
      "No other dataset of this project is marked as evaluation. Mark one first, or remove the decontamination step.",
  });
