import { rowWise } from "../step/row-step.ts";
import type { Step } from "../step/step.ts";
import { chat } from "./chat.ts";
import { classBalance } from "./class-balance.ts";
import { cleanLinesStep } from "./clean-lines.ts";
import { decontamination } from "./decontamination.ts";
import { exactDuplicates } from "./exact-duplicates.ts";
import { language } from "./language.ts";
import { leakCheck } from "./leak-check.ts";
import { length } from "./length.ts";
import { nearDuplicates } from "./near-duplicates.ts";
import { outliers } from "./outliers.ts";
import { privacy } from "./privacy.ts";
import { quality } from "./quality.ts";
import { semanticDuplicates } from "./semantic-duplicates.ts";
import { split } from "./split.ts";
import { tokens } from "./tokens.ts";
import { toxicity } from "./toxicity.ts";

/** Every step, in the order in which a pipeline mostly takes them. */
export const STEPS: readonly Step[] = [
  exactDuplicates,
  nearDuplicates,
  semanticDuplicates,
  rowWise(length),
  tokens,
  rowWise(quality),
  rowWise(chat),
  rowWise(cleanLinesStep),
  rowWise(toxicity),
  outliers,
  rowWise(language),
  rowWise(privacy),
  decontamination,
  classBalance,
  split,
  leakCheck,
];
