import type { RowStep } from "../step/row-step.ts";
import { chat } from "./chat.ts";
import { cleanLinesStep } from "./clean-lines.ts";
import { language } from "./language.ts";
import { length } from "./length.ts";
import { privacy } from "./privacy.ts";
import { quality } from "./quality.ts";
import { toxicity } from "./toxicity.ts";

/** Steps that judge each item separately, for their thread. */
export const ROW_STEPS: readonly RowStep[] = [length, quality, chat, cleanLinesStep, language, privacy, toxicity];
