import type { Decision } from "../show-decision.ts";

const RUN = {
  runId: "run_1",
  name: "reply",
  experimentId: "exp_1",
  experimentName: "replies",
  createdAt: "2026-01-02T03:04:05.000Z",
  source: { branch: "main", commit: "0123456789abcdef", url: null },
};

export const row = (given: Partial<Decision["scorers"][number]> = {}): Decision["scorers"][number] => ({
  scorer: "exact-match",
  name: "exact-match",
  outcome: "regression",
  verdict: "worse",
  items: 120,
  meanBase: 0.742,
  meanHead: 0.661,
  difference: -0.081,
  pValue: 0.004,
  test: "mcnemar-exact",
  interval: { low: -0.13, high: -0.03, level: 0.95 },
  headInterval: { low: 0.57, high: 0.74, level: 0.95 },
  margin: 0.02,
  floor: null,
  minimumDetectableEffect: 0.05,
  moreItems: null,
  reason: "It fell by more than 0.02.",
  ...given,
});

/** A decision as the server returns it. By default, a regression of one score. */
export const decision = (given: Partial<Decision> = {}): Decision => ({
  outcome: "regression",
  exitCode: 1,
  headline: "exact-match is worse than its base.",
  reasons: [],
  base: RUN,
  head: { ...RUN, runId: "run_2", source: { ...RUN.source, branch: "change" } },
  scorers: [row()],
  answers: 120,
  errors: 0,
  errorShare: 0,
  moreItems: null,
  flaky: [],
  quarantined: [],
  warnings: [],
  decidedAt: "2026-01-02T03:04:05.000Z",
  ...given,
});
