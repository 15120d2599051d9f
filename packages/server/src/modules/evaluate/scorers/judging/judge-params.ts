import { z } from "zod";

/** The parameters of every judge. */
export const judgeSettings = {
  model: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .describe(
      "The judge: a `model` as in a gateway request. Use a different model family than the models you evaluate.",
    ),
  temperature: z.number().min(0).max(2).default(0),
  maxOutputTokens: z.number().int().min(16).max(100_000).default(1_024),
  isStructured: z
    .boolean()
    .default(false)
    .describe(
      "Forces the judge to follow a JSON schema. Use it for models that support schemas, such as local models.",
    ),
  failsSuspicious: z
    .boolean()
    .default(false)
    .describe(
      "Fails answers that seem to address the judge, without calling the judge. Otherwise such answers are only flagged.",
    ),
};
const JudgeSettings = z.object(judgeSettings);
export type JudgeSettings = z.output<typeof JudgeSettings>;

/** Whole numbers, the worst first. */
export const scale = z
  .strictObject({ min: z.number().int().min(0).max(100), max: z.number().int().min(1).max(100) })
  .refine(({ min, max }) => min < max, "`min` must be less than `max`")
  .default({ min: 1, max: 5 });
export type Scale = z.output<typeof scale>;

/** A whole number of the scale; models at times write it as a text. */
export const scoreOn = ({ min, max }: Scale) =>
  z.preprocess(
    (said) => (typeof said === "string" && /^\s*\d{1,3}\s*$/.test(said) ? Number(said) : said),
    z.number().int().min(min).max(max),
  );

/** A score as a share of its scale. */
export const share = (score: number, { min, max }: Scale): number => (score - min) / (max - min);
