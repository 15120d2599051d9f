import { z } from "zod";
import { JsonValue } from "../pages.ts";

export const kindName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, "use lower-case letters, digits and hyphens, at most 40");
const examples = z.array(z.string().trim().min(3).max(1_000)).min(8).max(100);

/** The options of the detectors that answer later, and judge a text as a whole. */
export const LATE_GUARD_OPTIONS = {
  topics: z
    .strictObject({
      denied: examples.optional().describe("Texts on the denied topic, in English. 20 to 50 different ones work best."),
      allowed: examples
        .optional()
        .describe("Texts on allowed topics. Without denied texts, everything that is unlike them is a finding."),
      kind: kindName.optional().describe("The name of the finding, such as `medical-advice`."),
    })
    .refine(({ denied, allowed }) => denied ?? allowed, "give at least 8 denied or 8 allowed texts"),
  script: z.strictObject({
    code: z
      .string()
      .min(1)
      .max(100_000)
      .describe(
        "TypeScript with a function `guard({ text, trust })` that returns true or false, a score from 0 to 1, or a list of { kind, score }.",
      ),
    memoryMb: z.number().int().min(16).max(512).default(64).describe("A script that needs more is stopped."),
  }),
  language: z.strictObject({
    allowed: z
      .array(z.string().regex(/^[a-z]{2,3}$/, "use a language such as de"))
      .min(1)
      .max(100)
      .describe("The languages that texts may have, such as `de`."),
    leastLetters: z
      .number()
      .int()
      .min(20)
      .max(10_000)
      .default(20)
      .describe("Shorter texts are not judged: their language is uncertain."),
  }),
  moderation: z.strictObject({
    connection: z
      .string()
      .min(1)
      .max(100)
      .describe("The connection of a service with OpenAI's `POST /moderations`, by its slug."),
    model: z.string().min(1).max(200).optional().describe("The service's own model if none is given."),
    categories: z
      .array(z.string().min(1).max(100))
      .min(1)
      .max(100)
      .optional()
      .describe("The categories that count, such as `hate`. All of them if none is given."),
    thresholds: z
      .record(z.string().max(100), z.number().min(0).max(1))
      .refine((thresholds) => Object.keys(thresholds).length <= 100, "give at most 100 thresholds")
      .optional()
      .describe("The lowest score by category. The rule's threshold for the others."),
  }),
  judge: z.strictObject({
    model: z.string().min(1).max(300).describe("An endpoint or model of the project."),
    question: z.string().trim().min(10).max(4_000).describe("A question about the text. `Yes` is a finding."),
    kind: kindName.default("judged").describe("The name of the finding."),
    after: z
      .strictObject({
        detector: z.string().min(1).max(60),
        options: z.record(z.string().max(60), JsonValue).default({}),
        from: z.number().min(0).max(1).default(0.2),
        to: z.number().min(0).max(1).default(0.9),
      })
      .optional()
      .describe(
        "Asks only about texts whose highest score of another detector lies from `from` to `to`. A lower score is no finding, and a higher one is a finding without the model.",
      ),
  }),
} as const satisfies Readonly<Record<string, z.ZodType>>;

export const LATE_GUARD_DETECTORS = Object.keys(LATE_GUARD_OPTIONS) as readonly (keyof typeof LATE_GUARD_OPTIONS)[];
