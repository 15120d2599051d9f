import type { Tag } from "../route.ts";
import { rolloutsApi } from "./rollouts-api.ts";

/** The endpoints of the area release. */
export const releaseEndpoints = {
  ...rolloutsApi,
};

/** The endpoints of the area release by noun. */
export const releaseTags: readonly Tag[] = [
  {
    name: "Rollouts",
    description:
      "Rollouts, which give a new variant of an endpoint traffic in stages and roll it back if it does harm.",
    endpoints: [rolloutsApi],
  },
];
