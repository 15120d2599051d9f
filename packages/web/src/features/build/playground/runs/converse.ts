import type { ChatColumn } from "../state/playground-state.ts";
import { checkSchema } from "./check-schema.ts";
import { type ChatInput, EMPTY_RUN, type Run, runChat } from "./run-chat.ts";

/** A model that calls tools again and again is stopped here. */
const MOST_ROUNDS = 8;

export type Conversation = ChatInput & {
  /** The canned result of each tool, by name. A call of any other tool ends the run. */
  canned: Readonly<Record<string, string>>;
  /** What the answer is checked against, as the column has it. */
  parameters: ChatColumn["parameters"];
};

/**
 * Runs a request, and again with the canned results of the tools that were called, until the model has answered in
 * words.
 */
export async function* converse({ canned, parameters, ...input }: Conversation): AsyncGenerator<Run, void, undefined> {
  let before: Run = EMPTY_RUN;
  let request = input.request;
  for (let round = 0; ; round += 1) {
    let run: Run = EMPTY_RUN;
    for await (const next of runChat({ ...input, request })) {
      run = joined(before, next);
      if (next.state === "running") yield run;
    }
    const results = round < MOST_ROUNDS ? resultsFor(run, canned) : undefined;
    if (!results) {
      yield { ...run, problems: problemsIn(run, parameters) };
      return;
    }
    request = { ...request, messages: [...messagesIn(request), ...answered(run.text, results)] };
    const rounds = [...(run.rounds ?? []), { text: run.text, calls: results }];
    before = { ...run, state: "running", text: "", calls: [], rounds };
    yield before;
  }
}

const sum = (a: number | undefined, b: number | undefined) =>
  a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);

/**
 * Merges a call with the previous calls: numbers are summed, and the time to the first token is from the first call.
 */
function joined(before: Run, now: Run): Run {
  const span = now.traceId && now.spanId ? [{ traceId: now.traceId, spanId: now.spanId }] : [];
  return {
    ...now,
    reasoning: before.reasoning + now.reasoning,
    rounds: before.rounds,
    spans: [...(before.spans ?? []), ...span],
    inputTokens: sum(before.inputTokens, now.inputTokens),
    outputTokens: sum(before.outputTokens, now.outputTokens),
    durationMs: sum(before.durationMs, now.durationMs),
    firstTokenMs: before.firstTokenMs ?? now.firstTokenMs,
  };
}

type Results = NonNullable<Run["rounds"]>[number]["calls"];

/** The results of every call, or undefined when there is none, or one without a result. */
function resultsFor({ calls }: Run, canned: Conversation["canned"]): Results | undefined {
  if (calls.length === 0) return undefined;
  const results = calls.map((call) => ({ ...call, result: Object.hasOwn(canned, call.name) ? canned[call.name] : "" }));
  const known = results.flatMap(({ result, ...call }) => (result ? [{ ...call, result }] : []));
  return known.length === calls.length ? known : undefined;
}

const messagesIn = (request: Conversation["request"]): readonly unknown[] =>
  Array.isArray(request.messages) ? request.messages : [];

const answered = (text: string, results: Results) => [
  {
    role: "assistant",
    content: text === "" ? null : text,
    tool_calls: results.map(({ id, name, arguments: given }) => ({
      id,
      type: "function",
      function: { name, arguments: given },
    })),
  },
  ...results.map(({ id, result }) => ({ role: "tool", tool_call_id: id, content: result })),
];

/**
 * What is wrong with an answer that should be JSON; undefined where any text will do, or where a tool was called
 * instead.
 */
function problemsIn(run: Run, { format, schema }: Conversation["parameters"]): readonly string[] | undefined {
  if (format === "text" || run.calls.length > 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(run.text);
  } catch {
    return [run.finish === "length" ? "The JSON was cut off at max tokens" : "The answer is not valid JSON"];
  }
  return checkSchema(format === "json_schema" ? JSON.parse(schema) : { type: "object" }, value);
}
