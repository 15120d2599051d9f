import { chat } from "./chat.ts";
import { cleanLinesStep } from "./clean-lines.ts";
import { language } from "./language.ts";
import { length } from "./length.ts";
import { privacy } from "./privacy.ts";
import { quality } from "./quality.ts";
import type { RowStep } from "./row-step.ts";
import { toxicity } from "./toxicity.ts";

/** Steps that judge each item by itself, for the thread that runs them. */
export const ROW_STEPS: readonly RowStep[] = [length, quality, chat, cleanLinesStep, language, privacy, toxicity];
