import { z } from "zod";
import { JsonValue } from "../pages.ts";
import { kindName, LATE_GUARD_OPTIONS } from "./guard-late-options.ts";

/** The groups of personal data. */
export const PersonalDataGroup = z.enum([
  "email",
  "phone",
  "card",
  "iban",
  "ip-address",
  "national-id",
  "date-of-birth",
]);
/** The names that the detector `names` finds. */
export const GuardNameKind = z.enum(["person", "place"]);
export const ListedWordKind = z.enum(["profanity", "insult", "hate", "threat", "sexual", "self-harm"]);

const NoOptions = z.strictObject({});
const phrase = z.string().trim().min(2).max(200);
const phrases = z.array(phrase).min(1).max(1_000);
const host = z
  .string()
  .regex(
    /^(?:\*\.)?[a-zA-Z0-9-]{1,63}(?:\.[a-zA-Z0-9-]{1,63}){0,8}$/,
    "use a host such as example.org or *.example.org",
  );
const limit = z.number().int().min(1).max(1_000_000);

/** The options of each detector of guards, as a rule of a policy writes them. */
export const GUARD_OPTIONS = {
  secrets: NoOptions,
  "personal-data": z.strictObject({
    groups: z.array(PersonalDataGroup).min(1).max(7).optional().describe("All groups if none is given."),
    countries: z
      .array(z.string().regex(/^[a-zA-Z]{2}$/, "use two letters, such as de"))
      .min(1)
      .max(60)
      .optional()
      .describe("Limits identity numbers to these countries, and adds telephone numbers as they are written there."),
  }),
  names: z.strictObject({
    kinds: z.array(GuardNameKind).min(1).max(2).optional().describe("Both kinds if none is given."),
  }),
  injection: NoOptions,
  "prompt-leak": z.strictObject({
    systemPrompt: z
      .string()
      .min(40)
      .max(100_000)
      .optional()
      .describe("A text that no answer may repeat. Without it, the system messages of the request."),
  }),
  canary: z.strictObject({
    tokens: z
      .array(z.string().regex(/^[a-zA-Z]{8,40}$/, "use 8 to 40 letters"))
      .min(1)
      .max(20)
      .describe("Random words in a system prompt that no answer may repeat."),
  }),
  urls: z.strictObject({
    allowedHosts: z
      .array(host)
      .min(1)
      .max(200)
      .optional()
      .describe(
        "Hosts that links and images may have. Without a list, look-alike hosts and images with data are found.",
      ),
  }),
  "invisible-text": NoOptions,
  words: z.strictObject({
    words: phrases,
    isWhole: z.boolean().default(true).describe("Whether only whole words count."),
  }),
  competitors: z.strictObject({ words: phrases }),
  patterns: z.strictObject({
    patterns: z
      .array(
        z.strictObject({
          name: kindName,
          pattern: z.string().min(1).max(1_000).describe("A regular expression in RE2's syntax."),
          flags: z
            .string()
            .regex(/^[ims]{0,3}$/, "use i, m and s")
            .default(""),
        }),
      )
      .min(1)
      .max(50),
  }),
  profanity: z.strictObject({
    kinds: z.array(ListedWordKind).min(1).max(6).default(["profanity", "hate"]),
  }),
  code: NoOptions,
  length: z
    .strictObject({
      mostCharacters: limit.optional(),
      leastCharacters: limit.optional(),
      mostTokens: limit.optional().describe("Tokens are estimated from the characters."),
    })
    .refine((limits) => Object.keys(limits).length > 0, "set at least one limit"),
  groundedness: z.strictObject({
    leastSupport: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe("The smallest share of a sentence's words that must occur in the sources."),
  }),
  "json-schema": z.strictObject({
    schema: z
      .record(z.string().max(200), JsonValue)
      .describe("The JSON schema that answers must fit: draft 2020-12, or the draft that `$schema` names."),
  }),
  "tool-policy": z.strictObject({
    tools: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(200).describe("The name of a tool. `*` stands for any characters."),
          keys: z
            .array(z.string().min(1).max(100))
            .min(1)
            .max(200)
            .optional()
            .describe("The ids of the API keys that may call it. All callers if none is given."),
          arguments: z
            .record(z.string().max(200), JsonValue)
            .optional()
            .describe("The JSON schema that its arguments must fit."),
        }),
      )
      .max(200)
      .describe("The tools that an answer may call. A call of any other tool is a finding."),
  }),
  ...LATE_GUARD_OPTIONS,
} as const satisfies Readonly<Record<string, z.ZodType>>;

/** The detector of calls of tools. It cannot replace a part of them. */
export const CALL_GUARD_DETECTORS = ["tool-policy"] as const satisfies readonly (keyof typeof GUARD_OPTIONS)[];

export { LATE_GUARD_DETECTORS } from "./guard-late-options.ts";

export type GuardDetectorName = keyof typeof GUARD_OPTIONS;
export const GUARD_DETECTORS = Object.keys(GUARD_OPTIONS) as readonly GuardDetectorName[];
