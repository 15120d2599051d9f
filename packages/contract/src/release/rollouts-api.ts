import { z } from "zod";
import { Done, PageQuery, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import { RolloutInput } from "./rollout-plan.ts";
import { ROLLOUT_STATES, Rollout, RolloutEstimate, RolloutEvent, RolloutPoint } from "./rollouts.ts";

const params = z.object({ rolloutId: z.string() });
const EXAMPLE = {
  endpointId: "end_01jd",
  candidate: "candidate",
  control: "current",
  unit: "user",
  stages: [
    { share: 0.1, minUnits: 200, minMinutes: 1_440 },
    { share: 0.5, needsApproval: true },
  ],
  guardrails: [
    { metric: { kind: "error" }, margin: 0.01 },
    { metric: { kind: "score", name: "helpful" }, direction: "higher", margin: 0.05, action: "hold" },
  ],
} satisfies z.input<typeof RolloutInput>;

export const rolloutsApi = defineApi({
  "GET /api/v1/rollouts": {
    name: "listRollouts",
    summary: "The project's rollouts, newest first",
    permission: "endpoints:read",
    query: PageQuery.extend({
      endpointId: z.string().max(100).optional(),
      state: z.enum(ROLLOUT_STATES).optional(),
    }),
    response: pageOf(Rollout),
  },
  "POST /api/v1/rollouts": {
    name: "createRollout",
    summary: "Create the draft of a rollout: a candidate variant that gets traffic in stages",
    description: "A draft changes no traffic. Start it when it is complete.",
    permission: "endpoints:write",
    body: RolloutInput,
    example: EXAMPLE,
    response: Rollout,
    status: 201,
  },
  "POST /api/v1/rollouts/estimate": {
    name: "estimateRollout",
    summary: "What a rollout can find out with the traffic of the last 7 days",
    permission: "endpoints:read",
    body: RolloutInput,
    example: EXAMPLE,
    response: RolloutEstimate,
  },
  "GET /api/v1/rollouts/:rolloutId": {
    name: "getRollout",
    summary: "One rollout with the evidence so far",
    permission: "endpoints:read",
    params,
    response: Rollout,
  },
  "PUT /api/v1/rollouts/:rolloutId": {
    name: "replaceRollout",
    summary: "Replace a draft",
    permission: "endpoints:write",
    params,
    body: RolloutInput,
    example: EXAMPLE,
    response: Rollout,
  },
  "DELETE /api/v1/rollouts/:rolloutId": {
    name: "deleteRollout",
    summary: "Delete a draft. A rollout that has started remains as a record",
    permission: "endpoints:write",
    params,
    response: Done,
  },
  "POST /api/v1/rollouts/:rolloutId/start": {
    name: "startRollout",
    summary: "Start a draft: its first stage gets traffic with the next request",
    permission: "endpoints:write",
    params,
    response: Rollout,
  },
  "POST /api/v1/rollouts/:rolloutId/pause": {
    name: "pauseRollout",
    summary: "Pause a rollout: the candidate gets no new units",
    description:
      "Conversations that the candidate has answered stay with it. A paused rollout expires after `maxDays`.",
    permission: "endpoints:write",
    params,
    response: Rollout,
  },
  "POST /api/v1/rollouts/:rolloutId/resume": {
    name: "resumeRollout",
    summary: "Resume a paused or holding rollout at the beginning of its stage",
    description: "The evidence starts again, since a person has decided to continue.",
    permission: "endpoints:write",
    params,
    response: Rollout,
  },
  "POST /api/v1/rollouts/:rolloutId/approve": {
    name: "approveRolloutStage",
    summary: "Approve the end of a stage that waits for approval",
    permission: "endpoints:write",
    params,
    response: Rollout,
  },
  "POST /api/v1/rollouts/:rolloutId/promote": {
    name: "promoteRollout",
    summary: "Promote the candidate now, whatever the evidence: it gets the control's weight",
    permission: "endpoints:write",
    params,
    response: Rollout,
  },
  "POST /api/v1/rollouts/:rolloutId/roll-back": {
    name: "rollBackRollout",
    summary: "Roll the candidate back now: all new requests go to the other variants",
    description: "Requests that are running finish.",
    permission: "endpoints:write",
    params,
    response: Rollout,
  },
  "GET /api/v1/rollouts/:rolloutId/events": {
    name: "listRolloutEvents",
    summary: "The changes of a rollout, newest first, with the numbers they were made from",
    permission: "endpoints:read",
    params,
    query: PageQuery,
    response: pageOf(RolloutEvent),
  },
  "GET /api/v1/rollouts/:rolloutId/points": {
    name: "listRolloutPoints",
    summary: "Shares and evidence over time, oldest first",
    permission: "endpoints:read",
    params,
    query: PageQuery,
    response: pageOf(RolloutPoint),
  },
});
