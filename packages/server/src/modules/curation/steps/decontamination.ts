import type { Item } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import { gently } from "../feed.ts";
import { CONTAMINATION_DEFAULTS, type ContaminatedItem, openContamination } from "../find-contamination.ts";
import { Action, act } from "./actions.ts";
import { inBatches } from "./row-step.ts";
import { kept, type Step, type Verdict } from "./step.ts";

const Params = z.strictObject({
  words: z
    .number()
    .int()
    .min(4)
    .max(50)
    .default(CONTAMINATION_DEFAULTS.words)
    .describe("How many words in a row of an evaluation item give it away. Shorter prompts are compared as a whole."),
  similarity: z
    .number()
    .min(0.5)
    .max(1)
    .default(CONTAMINATION_DEFAULTS.similarity)
    .describe(
      "How similar a short prompt is to one of an evaluation item (Jaccard of 5 characters in a row) to be the same.",
    ),
  overlap: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("The share of an evaluation item that must be given away; 0: any run of words will do."),
  action: Action.default("drop"),
});

const REASONS: Readonly<Record<ContaminatedItem["rule"], string>> = {
  "same-prompt": "Asks the same as",
  "similar-prompt": "Asks nearly the same as",
  "shared-words": "Has words in a row of",
};

export const decontamination: Step<typeof Params> = {
  id: "decontamination",
  label: "Decontamination",
  describe:
    "Finds items that give away an item of a dataset that is marked as evaluation: an evaluation on it would measure what was learnt by heart.",
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
        const found = await contamination.check(items);
        yield* items.map((item, index) => verdictOn(item, found[index] ?? null, { overlap, action }));
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
      "No other dataset of this project is marked as evaluation. Mark one first, or leave the decontamination out.",
  });
