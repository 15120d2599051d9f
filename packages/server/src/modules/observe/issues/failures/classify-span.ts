import type { IssueKind } from "@treadle/contract";
import { z } from "zod";
import { isRecord } from "../../../../kernel/is-record.ts";
import { compileSchema, type SchemaCheck } from "../../../../platform/json-schema/compile-schema.ts";
import { type Cause, causeOf } from "./failure.ts";

/** A span that can be a failure, as the store gives it. */
export const FailedRow = z.object({
  received_ms: z.coerce.number(),
  start_ms: z.coerce.number(),
  trace_id: z.string(),
  span_id: z.string(),
  kind: z.string(),
  name: z.string(),
  status: z.string(),
  error_type: z.string(),
  error_message: z.string(),
  user_id: z.string(),
  session_id: z.string(),
  release: z.string(),
  prompt_name: z.string(),
  prompt_version: z.string(),
  model: z.string(),
  endpoint: z.string(),
  status_code: z.string(),
  tool_name: z.string(),
  finish_reasons: z.string(),
  has_refusal: z.coerce.number(),
  guard_action: z.string(),
  guard_kinds: z.array(z.string()),
  /** Of an answer that must match a schema: the parameters and the answer, as JSON. Otherwise empty. */
  schema_parameters: z.string(),
  schema_output: z.string(),
  /** The status of the last provider that was tried, 0 for none. */
  attempt_status: z.coerce.number(),
});
export type FailedRow = z.output<typeof FailedRow>;

const REFUSED = new Set([
  "content_filter",
  "refusal",
  "safety",
  "blocklist",
  "prohibited_content",
  "spii",
  "recitation",
]);
const CUT_OFF = new Set(["length", "max_tokens", "model_length", "model_context_window_exceeded"]);

/** What failed in a span. Null if nothing did. One span is one failure, and the first that applies counts. */
export function classifySpan(row: FailedRow): Cause | null {
  if (row.guard_action === "block") return ofGuard(row);
  if (row.status === "error") return ofError(row);
  const reason = finishOf(row.finish_reasons);
  if (row.has_refusal > 0 || REFUSED.has(reason))
    return causeOf({ kind: "refusal", finishReason: reason || "refusal" });
  if (CUT_OFF.has(reason)) return causeOf({ kind: "truncation", finishReason: reason });
  return ofSchema(row);
}

function ofGuard({ guard_kinds: kinds }: FailedRow): Cause {
  const isSchema = kinds.some((kind) => kind.startsWith("json-schema/"));
  return causeOf({ kind: isSchema ? "schema" : "guard", rule: [...new Set(kinds)].sort().join(", ").slice(0, 200) });
}

function ofError({ kind, name, tool_name: tool, error_type: errorType, error_message: message, ...row }: FailedRow) {
  const isTool = kind === "tool";
  const status = row.status_code || (row.attempt_status >= 400 ? String(row.attempt_status) : "");
  const found: IssueKind = isTool ? "tool" : "error";
  return causeOf({ kind: found, errorType, statusCode: status, toolName: isTool ? tool || name : "", message });
}

/** The first reason that is not a normal end, from a JSON list or a plain text. */
function finishOf(text: string): string {
  const reasons = text.startsWith("[") ? readList(text) : [text];
  const words = reasons.map((reason) => String(reason).toLowerCase());
  return words.find((word) => REFUSED.has(word) || CUT_OFF.has(word)) ?? "";
}

function readList(text: string): readonly unknown[] {
  const list = readJson(text);
  return Array.isArray(list) ? list : [text];
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function ofSchema({ schema_parameters: parameters, schema_output: output }: FailedRow): Cause | null {
  if (parameters === "") return null;
  const schema = schemaOf(readJson(parameters));
  const text = answerOf(readJson(output));
  if (schema === null || text === null) return null;
  const answer = readJson(text);
  if (answer === undefined) return causeOf({ kind: "schema", message: "the answer is not JSON" });
  const [problem] = checkOf(schema)(answer);
  return problem ? causeOf({ kind: "schema", message: `${problem.pointer || "/"} ${problem.message}` }) : null;
}

function schemaOf(parameters: unknown): Record<string, unknown> | null {
  const format = isRecord(parameters) ? parameters.response_format : null;
  const given = isRecord(format) && isRecord(format.json_schema) ? format.json_schema.schema : null;
  return isRecord(given) ? given : null;
}

/** The text of an answer. Null without one, for example if the model called a tool. */
function answerOf(output: unknown): string | null {
  const last = Array.isArray(output) ? output.at(-1) : null;
  const parts = isRecord(last) && Array.isArray(last.parts) ? last.parts : [];
  const texts = parts.flatMap((part) => (isRecord(part) && part.type === "text" ? [String(part.content)] : []));
  return texts.length > 0 ? texts.join("") : null;
}

const MOST_CHECKS = 50;
const checks = new Map<string, SchemaCheck>();

/** Compiled once per schema. A schema that does not compile accepts everything: it is not the answer's fault. */
function checkOf(schema: Record<string, unknown>): SchemaCheck {
  const key = JSON.stringify(schema);
  const existing = checks.get(key);
  if (existing) return existing;
  if (checks.size >= MOST_CHECKS) checks.clear();
  let check: SchemaCheck;
  try {
    check = compileSchema(schema);
  } catch {
    check = () => [];
  }
  checks.set(key, check);
  return check;
}
