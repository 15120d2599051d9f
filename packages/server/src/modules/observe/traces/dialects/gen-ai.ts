import type { Dialect } from "./readers/dialect.ts";
import { readGenAi } from "./readers/read-gen-ai.ts";

const SIGNS = [
  "gen_ai.operation.name",
  "gen_ai.provider.name",
  "gen_ai.system",
  "gen_ai.request.model",
  "gen_ai.tool.name",
  "gen_ai.evaluation.name",
  "event_loop.cycle_id",
];

/** OpenTelemetry's semantic conventions for generative AI, of today and of the two generations before; OpenLIT's additions too. */
export const genAi: Dialect = {
  id: "gen_ai",
  label: "OpenTelemetry GenAI",
  matches: ({ attributes }) => SIGNS.some((name) => attributes.has(name)),
  read: readGenAi,
};
