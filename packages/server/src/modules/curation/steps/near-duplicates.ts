import { z } from "zod";
import { dropDuplicates } from "../drop-duplicates.ts";
import { bandsFor, findNearDuplicates, NEAR_DEFAULTS } from "../find-near-duplicates.ts";
import { FIELD_IS_MISSING, KeepParams, namesItsField, worthOf } from "../worth.ts";
import { Action, TextOf } from "./actions.ts";
import type { Step } from "./step.ts";

const MOST_HASHES = 1_024;

const Params = z
  .strictObject({
    of: TextOf.default("all"),
    threshold: z
      .number()
      .min(0.1)
      .max(1)
      .default(NEAR_DEFAULTS.threshold)
      .describe(
        "The share of pieces that two texts have in common of all they have (Jaccard) from which they are near.",
      ),
    unit: z.enum(["word", "character"]).default(NEAR_DEFAULTS.unit).describe("What texts are cut into."),
    size: z
      .number()
      .int()
      .min(1)
      .max(50)
      .default(NEAR_DEFAULTS.size)
      .describe("How many words or characters in a row."),
    ignoreNumbers: z
      .boolean()
      .default(NEAR_DEFAULTS.ignoreNumbers)
      .describe("Texts that differ in numbers only are the same."),
    bands: z
      .number()
      .int()
      .min(1)
      .max(200)
      .optional()
      .describe("Left out together with `rowsPerBand`: 14 of 8, and for a threshold under 0.75 more of fewer."),
    rowsPerBand: z
      .number()
      .int()
      .min(1)
      .max(50)
      .optional()
      .describe("A pair of similarity s is looked at with the probability 1 − (1 − s^rowsPerBand)^bands."),
    seed: z.number().int().min(0).max(2_147_483_647).default(NEAR_DEFAULTS.seed),
    ...KeepParams,
    action: Action.default("drop"),
  })
  .refine(({ bands, rowsPerBand }) => (bands === undefined) === (rowsPerBand === undefined), {
    message: "give `bands` and `rowsPerBand`, or neither",
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
    "Finds texts that share most of their pieces (MinHash, every hit checked by the exact similarity), joins them to groups and keeps one of each.",
  group: "duplicates",
  params: Params,
  presets: [
    {
      id: "datatrove",
      label: "As datatrove: 5 words, numbers ignored",
      params: { unit: "word", size: 5, ignoreNumbers: true, bands: 14, rowsPerBand: 8 },
    },
    {
      id: "nemo",
      label: "As NeMo Curator: 24 characters",
      params: { unit: "character", size: 24, bands: 20, rowsPerBand: 13 },
    },
    {
      id: "short",
      label: "Short texts: 4 characters",
      params: { unit: "character", size: 4, bands: 20, rowsPerBand: 6, threshold: 0.75 },
    },
  ],
  isSetWise: true,
  async *run(context, { of, action, keep, keepField, bands, rowsPerBand, ...params }) {
    const { threshold } = params;
    const shape = bands !== undefined && rowsPerBand !== undefined ? { bands, rowsPerBand } : bandsFor(threshold);
    const choice = { ...params, ...shape, of, worthOf: worthOf({ keep, keepField }) };
    const found = await findNearDuplicates(context, choice);
    yield* dropDuplicates(context, found, { action, rule: "near-duplicate", reason: "Nearly the same as", threshold });
  },
};
