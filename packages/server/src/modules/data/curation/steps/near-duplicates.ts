import { z } from "zod";
import { dropDuplicates } from "../duplicates/drop-duplicates.ts";
import { findNearDuplicates } from "../duplicates/find-near-duplicates.ts";
import { describeLayers } from "../duplicates/near-layers.ts";
import { FIELD_IS_MISSING, KeepParams, namesItsField, worthOf } from "../duplicates/worth.ts";
import { Action, TextOf } from "../step/actions.ts";
import type { Step } from "../step/step.ts";

const MOST_HASHES = 1_024;

const Params = z
  .strictObject({
    of: TextOf.default("all"),
    threshold: z
      .number()
      .min(0.1)
      .max(1)
      .optional()
      .describe(
        "Minimum similarity of near-duplicates: the share of pieces that two texts have in common (Jaccard). Leave it empty to choose it by the length of the texts.",
      ),
    unit: z
      .enum(["word", "character"])
      .optional()
      .describe("The unit of the pieces. Leave the unit and the size empty to choose both by the length of each text."),
    size: z.number().int().min(1).max(50).optional().describe("How many consecutive words or characters make a piece."),
    ignoreNumbers: z
      .boolean()
      .default(false)
      .describe(
        "Treats texts that differ only in numbers as duplicates. Keep it off for calculations, dates and order numbers.",
      ),
    bands: z
      .number()
      .int()
      .min(1)
      .max(200)
      .optional()
      .describe(
        "Number of MinHash bands. Leave it empty together with `rowsPerBand` for 14 bands of 8 rows, or more bands of fewer rows below a threshold of 0.75.",
      ),
    rowsPerBand: z
      .number()
      .int()
      .min(1)
      .max(50)
      .optional()
      .describe(
        "Rows per MinHash band. A pair with similarity s is compared with the probability 1 − (1 − s^rowsPerBand)^bands.",
      ),
    seed: z.number().int().min(0).max(2_147_483_647).default(1),
    ...KeepParams,
    action: Action.default("drop"),
  })
  .refine(({ bands, rowsPerBand }) => (bands === undefined) === (rowsPerBand === undefined), {
    message: "set both `bands` and `rowsPerBand`, or neither",
    path: ["bands"],
  })
  .refine(({ bands = 1, rowsPerBand = 1 }) => bands * rowsPerBand <= MOST_HASHES, {
    message: `bands × rowsPerBand must be at most ${MOST_HASHES}`,
    path: ["bands"],
  })
  .refine(namesItsField, FIELD_IS_MISSING);

export const nearDuplicates: Step<typeof Params> = {
  id: "near-duplicates",
  label: "Near-duplicates",
  describe:
    "Finds texts that share most of their pieces (MinHash, with an exact check of every match) and keeps one of them. Short texts are compared by smaller pieces than long texts.",
  group: "duplicates",
  params: Params,
  presets: [
    {
      presetId: "datatrove",
      label: "Like datatrove: 5 words, numbers ignored",
      params: { unit: "word", size: 5, ignoreNumbers: true, bands: 14, rowsPerBand: 8, threshold: 0.8 },
    },
    {
      presetId: "nemo",
      label: "Like NeMo Curator: 24 characters",
      params: { unit: "character", size: 24, bands: 20, rowsPerBand: 13, threshold: 0.8 },
    },
    {
      presetId: "short",
      label: "Short texts: 4 characters",
      params: { unit: "character", size: 4, bands: 20, rowsPerBand: 6, threshold: 0.75 },
    },
  ],
  isSetWise: true,
  async *run(context, { of, action, keep, keepField, ...params }) {
    const groups = await findNearDuplicates(context, { ...params, of, worthOf: worthOf({ keep, keepField }) });
    const { layers, layerRows, layerOf } = groups;
    for (const note of describeLayers(layers, layerRows)) context.note(note);
    const threshold = (row: number) => layers[layerOf[row] ?? -1]?.threshold ?? null;
    yield* dropDuplicates(context, groups, { action, rule: "near-duplicate", reason: "Nearly the same as", threshold });
  },
};
