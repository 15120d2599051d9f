import { createChecks } from "./checks.ts";
import { contains } from "./contains.ts";
import { editSimilarity } from "./edit-similarity.ts";
import { exactMatch } from "./exact-match.ts";
import { jsonSchema } from "./json-schema.ts";
import type { Kind } from "./kind.ts";
import { length } from "./length.ts";
import { cost, latency, outputTokens } from "./measured.ts";
import { regex } from "./regex.ts";

/** In the order in which a list shows them. */
const PLAIN: readonly Kind[] = [
  exactMatch,
  contains,
  regex,
  editSimilarity,
  jsonSchema,
  length,
  latency,
  cost,
  outputTokens,
];

/** Every kind. */
export const KINDS: readonly Kind[] = [...PLAIN, createChecks(PLAIN)];
