import { jailbreak } from "./jailbreak/jailbreak.ts";
import type { TestSet } from "./test-set.ts";

/** In the order in which a list shows them. */
export const TEST_SETS: readonly TestSet[] = [jailbreak];
