import type { Tag } from "../route.ts";
import { limitsApi } from "./limits.ts";
import { spendApi } from "./spend.ts";

/** The endpoints of the area release. */
export const releaseEndpoints = { ...limitsApi, ...spendApi };

/** The endpoints of the area release by noun. */
export const releaseTags: readonly Tag[] = [
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
