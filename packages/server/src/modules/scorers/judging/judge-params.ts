import { z } from "zod";

/** What every judge is given beside its question. */
export const judgeSettings = {
  model: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .describe("The judge, as `model` of a request to the gateway. Take one of another family than those it judges."),
  temperature: z.number().min(0).max(2).default(0),
  maxOutputTokens: z.number().int().min(16).max(100_000).default(1_024),
  isStructured: z
    .boolean()
    .default(false)
    .describe("Holds the judge to a JSON schema, for models that can be held to one, such as local ones."),
  failsSuspicious: z
    .boolean()
    .default(false)
    .describe(
      "Does not ask about an answer that looks as if it spoke to the judge: it fails. Otherwise it is only flagged.",
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
