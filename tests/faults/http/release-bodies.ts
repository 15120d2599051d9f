/** Bodies of the area release, for an endpoint with the variants `old` and `new`. */
const metrics = [{ metric: { kind: "error" }, margin: 0.01 }];

export const rolloutBody = (endpointId: string) => ({
  endpointId,
  candidate: "new",
  control: "old",
  stages: [{ share: 0.1 }],
  guardrails: metrics,
});

export const shadowBody = (endpointId: string) => ({ endpointId, candidate: "new" });

export const abTestBody = (endpointId: string) => ({
  name: "Old or new",
  endpointId,
  control: "old",
  arms: ["old", "new"].map((variant) => ({ variant, share: 0.5 })),
  metrics,
});
