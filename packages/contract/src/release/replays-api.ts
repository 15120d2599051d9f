import { z } from "zod";
import { PageQuery, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import { OffPolicyInput, OffPolicyResult } from "./off-policy.ts";
import { Replay, ReplayEstimate, ReplayInput } from "./replays.ts";

const EXAMPLE = {
  name: "Last week with the new prompt",
  source: { kind: "traffic", filter: "endpoint:support", from: "2026-11-23T00:00:00Z", size: 200 },
  candidates: [{ kind: "variant", endpointId: "end_01jd", variant: "candidate" }],
  scorers: [{ kind: "json-schema" }],
  budget: { usd: 2 },
} satisfies z.input<typeof ReplayInput>;

export const replaysApi = defineApi({
  "GET /api/v1/replays": {
    name: "listReplays",
    summary: "The project's replays, newest first",
    permission: "experiments:read",
    query: PageQuery,
    response: pageOf(Replay),
  },
  "POST /api/v1/replays": {
    name: "createReplay",
    summary: "Replay recorded traffic through candidates, as an experiment with the recorded answers as its baseline",
    description:
      "A job stores the recordings as a version of a dataset, and starts the experiment. Tools return the recorded results and are never executed.",
    permission: "experiments:write",
    body: ReplayInput,
    example: EXAMPLE,
    response: Replay,
    status: 202,
  },
  "POST /api/v1/replays/estimate": {
    name: "estimateReplay",
    summary: "Estimate a replay: what the recorded traffic contains, and what the candidates would cost",
    description: "Nothing is stored, and no model is called.",
    permission: "experiments:read",
    body: ReplayInput,
    example: EXAMPLE,
    response: ReplayEstimate,
  },
  "POST /api/v1/replays/off-policy": {
    name: "estimateOffPolicy",
    summary: "Estimate from logged traffic what other shares of the variants of an endpoint would have earned",
    description:
      "Uses the logged probability of each variant. Refused if there are no such probabilities, or if too few units are comparable.",
    permission: "experiments:read",
    body: OffPolicyInput,
    example: { endpointId: "end_01jd", policy: { candidate: 1 }, metric: { kind: "score", name: "helpful" } },
    response: OffPolicyResult,
  },
  "GET /api/v1/replays/:replayId": {
    name: "getReplay",
    summary: "One replay with its runs: divergences and decisions",
    permission: "experiments:read",
    params: z.object({ replayId: z.string() }),
    response: Replay,
  },
});
