import type { JsonRecord } from "./json.ts";

/**
 * A part of a message in OpenTelemetry's GenAI conventions: `text` and `reasoning` (`content`), `tool_call` (`id`,
 * `name`, `arguments`), `tool_call_response` (`id`, `response`), `uri`, `blob` and `file` (with a `modality`), and
 * `refusal` (`content`). An unknown part is stored unchanged.
 */
export type Part = JsonRecord;

export type Message = {
  readonly role: string;
  readonly parts: readonly Part[];
  readonly name?: string;
  readonly finish_reason?: string;
};
