import { jailbreak } from "./sets/jailbreak/jailbreak.ts";
import type { TestSet } from "./sets/test-set.ts";

/** In the order in which a list shows them. */
export const TEST_SETS: readonly TestSet[] = [jailbreak];
