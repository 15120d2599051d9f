import type { JsonRecord } from "./json.ts";

/**
 * A part of a message as OpenTelemetry's GenAI conventions write it: `text` and `reasoning` (`content`), `tool_call` (`id`, `name`,
 * `arguments`), `tool_call_response` (`id`, `response`), `uri`, `blob` and `file` (with a `modality`), and `refusal` (`content`).
 * A part that no reader knows is kept as it came.
 */
export type Part = JsonRecord;

export type Message = {
  readonly role: string;
  readonly parts: readonly Part[];
  readonly name?: string;
  readonly finish_reason?: string;
};
