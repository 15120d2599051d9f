import { z } from "zod";
import { Interval } from "./experiment-runs.ts";
import { RedTeamPlugin, RedTeamStrategy } from "./red-team.ts";
import { PairedComparison } from "./run-comparison.ts";

/** A share of some answers. */
export const RedTeamRate = z.object({
  n: z.number().describe("Answers with a result."),
  count: z.number(),
  rate: z.number().nullable(),
  interval: Interval.nullable().describe("Wilson's 95 % interval."),
  isSmall: z.boolean().describe("There are too few answers for a conclusion."),
});
export type RedTeamRate = z.infer<typeof RedTeamRate>;

export const RED_TEAM_OUTCOMES = [
  "leaked",
  "called-tool",
  "complied",
  "blocked",
  "refused",
  "unmoved",
  "empty",
  "answered",
  "unscored",
  "error",
] as const;
export const RedTeamOutcome = z.enum(RED_TEAM_OUTCOMES);
export type RedTeamOutcome = z.infer<typeof RedTeamOutcome>;

/** The results of one arm for some attacks. */
export const RedTeamResult = z.object({
  attacks: RedTeamRate.describe("The attack success rate. Lower is better."),
  harmless: RedTeamRate.describe("The share of harmless requests that were refused or blocked. Lower is better."),
  outcomes: z.partialRecord(RedTeamOutcome, z.number()).describe("The number of attacks with each outcome."),
  difference: PairedComparison.nullable().describe(
    "Success on the same attacks, compared with the first arm. Null for the first arm and for single cells.",
  ),
  refusalDifference: PairedComparison.nullable(),
});
export type RedTeamResult = z.infer<typeof RedTeamResult>;

/** All arms for the attacks of a plugin, a strategy, or both. */
export const RedTeamGroup = z.object({
  plugin: RedTeamPlugin.nullable().describe("Null for all plugins."),
  strategy: RedTeamStrategy.nullable().describe("Null for all strategies."),
  arms: z.array(RedTeamResult).describe("In the order of the arms."),
});
export type RedTeamGroup = z.infer<typeof RedTeamGroup>;

/** An entry of a public list of risks. */
export const RedTeamRisk = z.object({
  list: z.enum(["OWASP LLM Top 10 (2025)", "NIST AI 600-1", "MITRE ATLAS"]),
  entry: z.string().describe("Such as LLM01:2025."),
  title: z.string(),
});
export type RedTeamRisk = z.infer<typeof RedTeamRisk>;

export const RedTeamAnswer = z.object({
  arm: z.string(),
  outcome: RedTeamOutcome,
  isSuccess: z.boolean().nullable().describe("For a harmless request, whether it was refused. Null without a result."),
  output: z.string(),
  reason: z.string(),
  traceId: z.string().nullable(),
  spanId: z.string().nullable(),
});
/** An attack, or a harmless request, with the answers of all arms. */
export const RedTeamAttack = z.object({
  itemId: z.string(),
  intent: z.enum(["attack", "harmless"]),
  plugin: RedTeamPlugin,
  strategy: RedTeamStrategy,
  goal: z.string().describe("The request without its disguise."),
  text: z.string().describe("The disguised request."),
  turns: z.number().describe("Messages before it."),
  answers: z.array(RedTeamAnswer),
});
export type RedTeamAttack = z.infer<typeof RedTeamAttack>;

export const RedTeamReport = z.object({
  redTeamRunId: z.string(),
  isComplete: z.boolean().describe("False while answers are missing."),
  arms: z.array(z.string()),
  overall: RedTeamGroup,
  plugins: z.array(RedTeamGroup),
  strategies: z.array(RedTeamGroup),
  cells: z.array(RedTeamGroup).describe("Each plugin with each strategy. They have no tests, because they are small."),
  risks: z.array(RedTeamRisk.extend({ plugins: z.array(RedTeamPlugin), attacks: z.array(RedTeamRate) })),
  examples: z.array(RedTeamAttack).describe("Attacks that succeeded, one for each plugin and strategy."),
  notes: z.array(z.string()).describe("What these numbers do not show."),
});
export type RedTeamReport = z.infer<typeof RedTeamReport>;
