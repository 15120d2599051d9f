import type { SpanUpdate } from "./active-span.ts";

export type Fields = Readonly<Record<string, unknown>>;
export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const countOf = (value: unknown): number => (typeof value === "number" && value > 0 ? Math.round(value) : 0);

/** Reads an answer along: the pieces of a stream, or a whole one. */
export type Collector = {
  add(piece: unknown): void;
  /** The final fields of the span. `whole` is the answer of a call without a stream. */
  finish(whole?: unknown): SpanUpdate;
};

/** OpenAI's usage, of chat completions, responses and embeddings alike; reasoning and cached tokens are part of the totals. */
export function toUsage(given: unknown): SpanUpdate {
  const usage = fieldsOf(given);
  const input = fieldsOf(usage.prompt_tokens_details ?? usage.input_tokens_details);
  const output = fieldsOf(usage.completion_tokens_details ?? usage.output_tokens_details);
  return {
    inputTokens: countOf(usage.prompt_tokens ?? usage.input_tokens),
    outputTokens: countOf(usage.completion_tokens ?? usage.output_tokens),
    cachedInputTokens: countOf(input.cached_tokens),
    reasoningTokens: countOf(output.reasoning_tokens),
  };
}

const facts = (id: unknown, model: unknown): SpanUpdate => ({
  ...(textOf(model) && { responseModel: textOf(model) }),
  ...(textOf(id) && { attributes: { "gen_ai.response.id": textOf(id) } }),
});

type ToolCall = { id: string; name: string; arguments: string };
type Choice = { content: string; refusal: string; finish: string; role: string; calls: Map<number, ToolCall> };

/** Chat completions and the older completions. */
export function collectChat(): Collector {
  const choices = new Map<number, Choice>();
  let id: unknown;
  let model: unknown;
  let usage: unknown;

  function addChoice(given: Fields) {
    const index = countOf(given.index);
    const choice = choices.get(index) ?? { content: "", refusal: "", finish: "", role: "assistant", calls: new Map() };
    choices.set(index, choice);
    const delta = fieldsOf(given.delta);
    choice.content += textOf(delta.content) || textOf(given.text);
    choice.refusal += textOf(delta.refusal);
    choice.finish = textOf(given.finish_reason) || choice.finish;
    for (const part of listOf(delta.tool_calls)) {
      const called = fieldsOf(part.function);
      const before = choice.calls.get(countOf(part.index)) ?? { id: "", name: "", arguments: "" };
      choice.calls.set(countOf(part.index), {
        id: before.id || textOf(part.id),
        name: before.name + textOf(called.name),
        arguments: before.arguments + textOf(called.arguments),
      });
    }
  }

  return {
    add(chunk) {
      if (!isFields(chunk)) return;
      id ??= chunk.id;
      model ??= chunk.model;
      usage = chunk.usage ?? usage;
      for (const choice of listOf(chunk.choices)) addChoice(choice);
    },
    finish(whole) {
      if (isFields(whole))
        return { ...facts(whole.id, whole.model), ...toUsage(whole.usage), output: wholeMessages(whole) };
      const output = [...choices.values()].map(({ content, refusal, finish, role, calls }) => ({
        role,
        content: content || refusal || null,
        ...(calls.size > 0 && {
          tool_calls: [...calls.values()].map((call) => ({
            id: call.id,
            type: "function",
            function: { name: call.name, arguments: call.arguments },
          })),
        }),
        finish_reason: finish,
      }));
      return { ...facts(id, model), ...toUsage(usage), output };
    },
  };
}

const wholeMessages = (whole: Fields) =>
  listOf(whole.choices).map((choice) => ({
    ...(isFields(choice.message) ? choice.message : { role: "assistant", content: choice.text }),
    finish_reason: textOf(choice.finish_reason),
  }));

/** The Responses API: its last event holds the whole answer. */
export function collectResponse(): Collector {
  let last: unknown;
  return {
    add(event) {
      if (isFields(event) && isFields(event.response)) last = event.response;
    },
    finish(whole = last) {
      const response = fieldsOf(whole);
      return { ...facts(response.id, response.model), ...toUsage(response.usage), output: responseMessages(response) };
    },
  };
}

/** Output items as messages: text and reasoning as parts, calls as tool calls. */
function responseMessages({ output, status }: Fields) {
  const parts = listOf(output).flatMap((item): Fields[] => {
    if (item.type === "function_call")
      return [{ type: "tool_call", id: item.call_id ?? item.id, name: item.name, arguments: item.arguments }];
    if (item.type === "reasoning")
      return listOf(item.summary).map((summary) => ({ type: "reasoning", content: textOf(summary.text) }));
    if (item.type !== "message") return [item];
    return listOf(item.content).map((part) =>
      part.type === "output_text" ? { type: "text", content: textOf(part.text) } : part,
    );
  });
  return [{ role: "assistant", parts, finish_reason: textOf(status) }];
}
