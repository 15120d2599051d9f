import type { Tag } from "../route.ts";
import { abTestsApi } from "./ab-tests.ts";
import { deploymentsApi } from "./deployments-api.ts";
import { frontiersApi } from "./frontiers.ts";
import { limitsApi } from "./limits.ts";
import { replaysApi } from "./replays-api.ts";
import { rolloutsApi } from "./rollouts-api.ts";
import { shadowsApi } from "./shadows.ts";
import { spendApi } from "./spend.ts";

/** The endpoints of the area release. */
export const releaseEndpoints = {
  ...rolloutsApi,
  ...deploymentsApi,
  ...shadowsApi,
  ...abTestsApi,
  ...frontiersApi,
  ...replaysApi,
  ...limitsApi,
  ...spendApi,
};

/** The endpoints of the area release by noun. */
export const releaseTags: readonly Tag[] = [
  {
    name: "Rollouts",
    description:
      "Rollouts, which give a new variant of an endpoint traffic in stages and roll it back if it does harm.",
    endpoints: [rolloutsApi],
  },
  {
    name: "Shadows",
    description:
      "Shadows, which repeat a sample of an endpoint's requests with a candidate variant and compare the answers in pairs.",
    endpoints: [shadowsApi],
  },
  {
    name: "Deployments",
    description: "Deployments of model versions: an alias moves after a rollout on each endpoint that uses it.",
    endpoints: [deploymentsApi],
  },
  {
    name: "A/B tests",
    description: "A/B tests, which divide an endpoint's traffic between variants and compare them.",
    endpoints: [abTestsApi],
  },
  {
    name: "Frontiers",
    description: "Cost and quality of an endpoint's variants.",
    endpoints: [frontiersApi],
  },
  {
    name: "Replays",
    description: "Replays of recorded traffic through candidates, and estimates from logged probabilities.",
    endpoints: [replaysApi],
  },
  {
    name: "Limits",
    description: "Limits on requests, tokens, cost and concurrency, with their current usage.",
    endpoints: [limitsApi],
  },
  {
    name: "Spend",
    description: "The cost of the project's calls by key, user, tag, endpoint, model and provider.",
    endpoints: [spendApi],
  },
];
