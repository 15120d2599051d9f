import { z } from "zod";
import { Done, PageQuery, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import { RedTeamInput, RedTeamPlugin, RedTeamRun, RedTeamStrategy } from "./red-team.ts";
import { RedTeamAttack, RedTeamReport, RedTeamRisk } from "./red-team-report.ts";

const one = z.object({ redTeamRunId: z.string().max(80) });
const described = { label: z.string(), summary: z.string() };
const EXAMPLE = {
  name: "Support before launch",
  target: { model: "support" },
  plugins: ["prompt-injection", "system-prompt"],
  strategies: ["plain", "base64"],
  arms: [
    { name: "Without guards", guards: { kind: "none" } },
    { name: "With guards", guards: { kind: "configured" } },
  ],
} satisfies z.input<typeof RedTeamInput>;

/** What a red team run can attack, and how. */
export const RedTeamCatalogue = z.object({
  plugins: z.array(
    z.object({
      plugin: RedTeamPlugin,
      ...described,
      needsJudge: z.boolean(),
      needsSecret: z.boolean(),
      risks: z.array(RedTeamRisk),
    }),
  ),
  strategies: z.array(z.object({ strategy: RedTeamStrategy, ...described, needsAttacker: z.boolean() })),
});
export type RedTeamCatalogue = z.infer<typeof RedTeamCatalogue>;

export const RED_TEAM_FORMATS = ["markdown", "json"] as const;

export const redTeamApi = defineApi({
  "GET /api/v1/red-team-catalogue": {
    name: "getRedTeamCatalogue",
    summary: "The plugins and strategies of red team runs",
    permission: "experiments:read",
    response: RedTeamCatalogue,
  },
  "GET /api/v1/red-team-runs": {
    name: "listRedTeamRuns",
    summary: "Red team runs, newest first",
    permission: "experiments:read",
    query: PageQuery,
    response: pageOf(RedTeamRun),
  },
  "POST /api/v1/red-team-runs": {
    name: "startRedTeamRun",
    summary: "Attack an endpoint or a model, with and without guards, and count the attacks that succeed",
    description: "A job makes the attacks, stores them as a dataset and starts an experiment with a run for each arm.",
    permission: "experiments:write",
    body: RedTeamInput,
    example: EXAMPLE,
    response: RedTeamRun,
    status: 202,
  },
  "GET /api/v1/red-team-runs/:redTeamRunId": {
    name: "getRedTeamRun",
    summary: "One red team run",
    permission: "experiments:read",
    params: one,
    response: RedTeamRun,
  },
  "DELETE /api/v1/red-team-runs/:redTeamRunId": {
    name: "deleteRedTeamRun",
    summary: "Delete a red team run with its attacks and answers",
    permission: "experiments:write",
    params: one,
    response: Done,
  },
  "POST /api/v1/red-team-runs/:redTeamRunId/cancel": {
    name: "cancelRedTeamRun",
    summary: "Cancel a red team run; its answers remain",
    permission: "experiments:write",
    params: one,
    response: RedTeamRun,
  },
  "POST /api/v1/red-team-runs/:redTeamRunId/resume": {
    name: "resumeRedTeamRun",
    summary: "Continue a canceled or failed red team run; existing answers are reused",
    permission: "experiments:write",
    params: one,
    response: RedTeamRun,
    status: 202,
  },
  "GET /api/v1/red-team-runs/:redTeamRunId/report": {
    name: "getRedTeamReport",
    summary: "Attack success and over-refusal by plugin, strategy and arm, with intervals and paired tests",
    permission: "experiments:read",
    params: one,
    response: RedTeamReport,
  },
  "GET /api/v1/red-team-runs/:redTeamRunId/export": {
    name: "exportRedTeamReport",
    summary: "The report of a red team run as a Markdown or JSON file",
    permission: "experiments:read",
    params: one,
    query: z.object({ format: z.enum(RED_TEAM_FORMATS).default("markdown") }),
    response: z.string(),
    answer: "file",
  },
  "GET /api/v1/red-team-runs/:redTeamRunId/attacks": {
    name: "listRedTeamAttacks",
    summary: "The attacks of a red team run with the answers of all arms",
    permission: "experiments:read",
    params: one,
    query: PageQuery.extend({
      plugin: RedTeamPlugin.optional(),
      strategy: RedTeamStrategy.optional(),
      intent: z.enum(["attack", "harmless"]).optional(),
      succeededIn: z.coerce
        .number()
        .int()
        .min(0)
        .max(3)
        .optional()
        .describe("Only attacks that succeeded, or harmless requests that were refused, in this arm, counted from 0."),
    }),
    response: pageOf(RedTeamAttack),
  },
});
