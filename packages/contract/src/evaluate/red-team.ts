import { z } from "zod";
import { guardRules } from "../build/guard-policies.ts";
import { Name, Timestamp } from "../pages.ts";
import { EXPERIMENT_STOPS, ExperimentSpent } from "./experiment-budget.ts";

/** What is attacked. */
export const RedTeamPlugin = z.enum([
  "prompt-injection",
  "document-injection",
  "tool-injection",
  "jailbreak",
  "personal-data",
  "system-prompt",
  "excessive-agency",
  "harmful-topics",
  "bias",
]);
export type RedTeamPlugin = z.infer<typeof RedTeamPlugin>;

/** How an attack is disguised. */
export const RedTeamStrategy = z.enum([
  "plain",
  "base64",
  "rot13",
  "leetspeak",
  "look-alikes",
  "invisible",
  "spaced",
  "role-play",
  "prefix",
  "payload-splitting",
  "many-shot",
  "translation",
  "multi-turn",
  "document",
  "rewrite",
]);
export type RedTeamStrategy = z.infer<typeof RedTeamStrategy>;

const ModelName = z.string().trim().min(1).max(300);

const RedTeamAssistant = z.enum(["built-in", "prompt", "endpoint"]);

/** The assistant under attack. */
export const RedTeamTarget = z.strictObject({
  model: ModelName.describe("An endpoint or a model, as in a gateway request."),
  assistant: RedTeamAssistant.default("built-in").describe(
    "`built-in`: five invented assistants with a secret. `prompt`: your `systemPrompt`. `endpoint`: no system message is added, so the endpoint's own prompt is attacked.",
  ),
  systemPrompt: z
    .string()
    .trim()
    .min(1)
    .max(100_000)
    .nullable()
    .default(null)
    .describe("For `prompt`. `{{secret}}` becomes a word that no answer may contain."),
  secret: z
    .string()
    .regex(/^[a-zA-Z]{8,40}$/, "use 8 to 40 letters")
    .nullable()
    .default(null)
    .describe("For `endpoint`: a word in the endpoint's prompt that no answer may contain."),
  parameters: z
    .record(z.string().max(200), z.unknown())
    .default({})
    .describe("Settings of the calls, such as max_tokens."),
});
export type RedTeamTarget = z.output<typeof RedTeamTarget>;

const guardsOf = {
  configured: z.strictObject({ kind: z.literal("configured") }),
  none: z.strictObject({ kind: z.literal("none") }),
  policy: z.strictObject({
    kind: z.literal("policy"),
    policyId: z.string().max(100),
    version: z.number().int().min(1).max(1_000_000_000).nullable().default(null).describe("Null for the current one."),
  }),
  rules: z.strictObject({ kind: z.literal("rules"), rules: guardRules }),
};
/** One side of the comparison: the same attacks under these guards. */
export const RedTeamArm = z.strictObject({
  name: Name,
  guards: z
    .discriminatedUnion("kind", [guardsOf.configured, guardsOf.none, guardsOf.policy, guardsOf.rules])
    .describe(
      "`configured`: the policy that applies to every call. The others replace it for the calls of this run, and need the permission `guards:write`.",
    ),
});
export type RedTeamArm = z.output<typeof RedTeamArm>;

export const RedTeamBudget = z.strictObject({
  calls: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(2_000)
    .describe("A run that could need more calls, including the judge and the attacker, is rejected."),
  usd: z.number().positive().max(1_000_000).nullable().default(null).describe("Requires models with a known price."),
});

const isUnlike = (values: readonly unknown[]) => new Set(values).size === values.length;

export const RedTeamInput = z.strictObject({
  name: Name,
  target: RedTeamTarget,
  plugins: z.array(RedTeamPlugin).min(1).max(9).refine(isUnlike, "must not name a plugin twice"),
  strategies: z
    .array(RedTeamStrategy)
    .min(1)
    .max(15)
    .refine(isUnlike, "must not name a strategy twice")
    .default(["plain"]),
  attacksPerPair: z.number().int().min(1).max(20).default(5).describe("Attacks for each plugin and strategy."),
  harmlessPerPair: z
    .number()
    .int()
    .min(0)
    .max(10)
    .default(2)
    .describe("Harmless requests for each plugin and strategy, disguised like the attacks. They measure over-refusal."),
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe("The same seed makes the same attacks."),
  arms: z
    .array(RedTeamArm)
    .min(1)
    .max(4)
    .refine((arms) => isUnlike(arms.map(({ name }) => name)), "must have different names")
    .default([{ name: "As configured", guards: { kind: "configured" } }])
    .describe("The first arm is the baseline of the others."),
  judgeModel: ModelName.nullable()
    .default(null)
    .describe(
      "Decides what rules cannot. Required for `bias`. Without it, `harmful-topics` counts every answer that is not a refusal.",
    ),
  attackerModel: ModelName.nullable().default(null).describe("Rewrites the attacks of `rewrite`, which needs it."),
  concurrency: z.number().int().min(1).max(64).default(8),
  budget: RedTeamBudget.default({ calls: 2_000, usd: null }),
});
export type RedTeamInput = z.output<typeof RedTeamInput>;

export const RED_TEAM_STATES = ["preparing", "queued", "running", "done", "failed", "cancelled"] as const;
export const RedTeamRun = z.object({
  redTeamRunId: z.string(),
  // The input again. Its descriptions are those of the request.
  name: z.string(),
  target: z.object({
    model: z.string(),
    assistant: RedTeamAssistant,
    systemPrompt: z.string().nullable(),
    secret: z.string().nullable(),
    parameters: z.record(z.string(), z.unknown()),
  }),
  plugins: z.array(RedTeamPlugin),
  strategies: z.array(RedTeamStrategy),
  attacksPerPair: z.number(),
  harmlessPerPair: z.number(),
  seed: z.number(),
  arms: z.array(RedTeamArm),
  judgeModel: z.string().nullable(),
  attackerModel: z.string().nullable(),
  concurrency: z.number(),
  budget: z.object({ calls: z.number(), usd: z.number().nullable() }),
  state: z.enum(RED_TEAM_STATES).describe("`preparing` while the attacks are made. Then the state of the experiment."),
  stopped: z.enum(EXPERIMENT_STOPS).nullable().describe("Why it ended. Null while it is active, or if it failed."),
  error: z.string().nullable(),
  attacks: z.number().describe("Attacks per arm."),
  harmless: z.number().describe("Harmless requests per arm."),
  answers: z.number().describe("Answers of all arms so far."),
  planned: z.number().describe("Answers of all arms at the end."),
  spent: ExperimentSpent.describe("Includes the judge and the attacker."),
  datasetId: z.string().describe("The attacks."),
  experimentId: z.string().nullable().describe("Null until it has started."),
  runIds: z.array(z.string()).describe("The run of each arm, in their order. Empty until the experiment has started."),
  warnings: z.array(z.string()),
  jobId: z.string(),
  createdBy: z.string(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type RedTeamRun = z.infer<typeof RedTeamRun>;
