import type { ShadowAnswer, Span } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import { compileSchema } from "../../../../platform/json-schema/compile-schema.ts";
import type { AnsweredCall } from "../../../build/gateway/index.ts";

type Response = AnsweredCall["response"];
/** Whether a text has the form that a request demands. Null for a request without a demand. */
export type FormCheck = ((text: string) => boolean) | null;

/** One side of a pair, without the check of its form. */
export function readAnswer(span: Span, response: Response, variant: string): ShadowAnswer {
  const [choice] = response?.choices ?? [];
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    status: span.status === "error" || span.status === "cancelled" ? span.status : "ok",
    errorType: span.errorType,
    variant,
    model: span.responseModel,
    text: textOf(choice?.message),
    toolCalls: (choice?.message.tool_calls ?? []).map(({ function: { name = "", arguments: given = "" } }) => ({
      name,
      arguments: given,
    })),
    finishReason: choice?.finish_reason ?? "",
    isValid: null,
    inputTokens: span.inputTokens,
    outputTokens: span.outputTokens,
    costUsd: span.costUsd,
    durationMs: span.durationMs,
    configHash: span.configHash,
  };
}

/** The answer with the check of its form. An answer that calls a tool has no form yet, and a failed one has none. */
export function withForm(answer: ShadowAnswer, check: FormCheck): ShadowAnswer {
  if (check === null || answer.status !== "ok" || answer.toolCalls.length > 0) return answer;
  return { ...answer, isValid: check(answer.text) };
}

/** The form that `response_format` demands. A schema that cannot be used counts as plain JSON. */
export function formOf({ response_format: format }: Readonly<Record<string, unknown>>): FormCheck {
  if (!isRecord(format) || format.type === "text") return null;
  const schema = isRecord(format.json_schema) ? format.json_schema.schema : undefined;
  const check = isRecord(schema) ? compiled(schema) : null;
  return (text) => {
    const value = parseJson(text);
    return value !== undefined && (check === null || check(value).length === 0);
  };
}

/** Undefined for a text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function compiled(schema: Readonly<Record<string, unknown>>): ReturnType<typeof compileSchema> | null {
  try {
    return compileSchema(schema);
  } catch {
    return null;
  }
}

type Message = NonNullable<Response>["choices"][number]["message"];

function textOf(message: Message | undefined): string {
  const content = message?.content ?? message?.refusal ?? "";
  if (typeof content === "string") return content;
  return content.map(({ text }) => (typeof text === "string" ? text : "")).join("\n");
}
