import type { TestSet } from "../test-set.ts";
import { attackItems, harmlessItems } from "./build-items.ts";
import { HIDDEN_ATTACKS } from "./hidden-attacks.ts";
import { STAGED_ATTACKS } from "./staged-attacks.ts";
import { TALKING_ATTACKS } from "./talking-attacks.ts";

const VERSION = 1;
const marks = { testSet: "jailbreak", testSetVersion: VERSION };

/** Attacks on harmless secrets, and harmless questions that look like attacks; all of it written for this set. */
export const jailbreak: TestSet = {
  id: "jailbreak",
  label: "Jailbreaks and over-refusal",
  description:
    "Attacks that try to get a harmless secret word from an assistant, by category, and harmless questions that look like attacks.",
  version: VERSION,
  items: [...attackItems([...TALKING_ATTACKS, ...HIDDEN_ATTACKS, ...STAGED_ATTACKS], marks), ...harmlessItems(marks)],
  scorers: [
    { kind: "jailbreak", params: { counts: "attacks" }, name: "attack-success" },
    { kind: "jailbreak", params: { counts: "over-refusals" }, name: "over-refusal" },
  ],
};
