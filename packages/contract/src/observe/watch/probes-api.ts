import { z } from "zod";
import { Done, PageQuery, pageOf } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import { ModelSignal } from "./model-signals.ts";
import { PROBE_STATES, Probe, ProbeEstimate, ProbeInput, ProbePatch, ProbePrompt, ProbeRun } from "./probes.ts";

const params = z.object({ probeId: z.string().max(100) });
const example = { name: "Support model", model: "openai/gpt-4.1-mini", dailyBudgetUsd: 0.5 };

export const probesApi = defineApi({
  "GET /api/v1/probes": {
    name: "listProbes",
    summary: "The probes, confirmed and suspected changes first",
    permission: "monitors:read",
    query: PageQuery.extend({ state: z.enum(PROBE_STATES).optional() }),
    response: pageOf(Probe),
  },
  "POST /api/v1/probe-estimates": {
    name: "estimateProbe",
    summary: "Estimate the calls and the cost of a probe without creating it",
    permission: "monitors:read",
    body: ProbeInput,
    example,
    response: ProbeEstimate,
  },
  "POST /api/v1/probes": {
    name: "createProbe",
    summary: "Create a probe and start its set-up, which calls the model about 2,300 times",
    permission: "monitors:write",
    body: ProbeInput,
    example,
    response: Probe,
    status: 201,
  },
  "GET /api/v1/probes/:probeId": {
    name: "getProbe",
    summary: "One probe",
    permission: "monitors:read",
    params,
    response: Probe,
  },
  "PATCH /api/v1/probes/:probeId": {
    name: "updateProbe",
    summary: "Change, enable or disable a probe",
    permission: "monitors:write",
    params,
    body: ProbePatch,
    response: Probe,
  },
  "DELETE /api/v1/probes/:probeId": {
    name: "deleteProbe",
    summary: "Delete a probe with its answers; its incidents remain",
    permission: "monitors:write",
    params,
    response: Done,
  },
  "GET /api/v1/probes/:probeId/runs": {
    name: "listProbeRuns",
    summary: "The runs of a probe, newest first",
    permission: "monitors:read",
    params,
    query: PageQuery,
    response: pageOf(ProbeRun),
  },
  "GET /api/v1/probes/:probeId/prompts": {
    name: "listProbePrompts",
    summary: "The prompts of a probe, with their answers before and in the last run",
    permission: "monitors:read",
    params,
    response: pageOf(ProbePrompt),
  },
  "POST /api/v1/probes/:probeId/run": {
    name: "runProbe",
    summary: "Run a probe now instead of at its hour, or continue a set-up that waits for the provider",
    permission: "monitors:write",
    description:
      "A run calls the model, so this needs `gateway:use` too. More than 3 hours from both hours of the probe, the run is compared with a reference and never becomes a part of one. Without a reference, the answer is then 409.",
    params,
    response: Probe,
  },
  "POST /api/v1/probes/:probeId/accept": {
    name: "acceptProbeReference",
    summary: "Accept the model as it is now: the next runs collect a new reference",
    permission: "monitors:write",
    params,
    body: z.strictObject({
      selectsPrompts: z.boolean().default(false).describe("Also chooses the prompts again, as in the set-up."),
    }),
    example: {},
    response: Probe,
  },
  "POST /api/v1/probes/:probeId/dismiss": {
    name: "dismissProbeSuspicion",
    summary: "Dismiss a suspicion: the evidence starts again with the same reference",
    permission: "monitors:write",
    params,
    response: Probe,
  },
  "GET /api/v1/model-signals": {
    name: "listModelSignals",
    summary: "What ordinary traffic shows about models by day: names, fingerprints, tokens and speed",
    permission: "monitors:read",
    query: PageQuery.extend({
      connection: z.string().max(100).optional(),
      model: z.string().max(300).optional(),
      days: z.coerce.number().int().min(1).max(90).default(30),
    }),
    response: pageOf(ModelSignal),
  },
});
