import type { Dialect } from "./dialect.ts";
import { genAi } from "./gen-ai.ts";
import { openInference } from "./openinference.ts";
import { plain } from "./plain.ts";

/** Those that know a span by a sign of their own before those that share their names with others; any span is a plain one. */
export const DIALECTS: readonly Dialect[] = [openInference, genAi, plain];
