import type { Privacy } from "../privacy.ts";

/** Projects without rules. */
export const NO_PRIVACY: Privacy = { rulesOf: () => null };
