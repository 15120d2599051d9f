import type { Span } from "@treadle/contract";
import { sufferCall } from "./failures.ts";
import { embedding, gptMini, type SampleModel, smollm } from "./sample-models.ts";
import { makeCall, makeStep, round, type Setting, say } from "./sample-span.ts";
import type { Topic } from "./topic.ts";

const SYSTEM =
  "You are the support assistant of Northfold Outfitters, a shop for outdoor equipment. Answer in at most four sentences, in the customer's language. Use only the passages and the tools you are given; when they are not enough, say so and offer to hand over to a colleague.";
const CLASSIFY = "Name the customer's intent as one of the known labels. Answer with JSON.";
const SORRY = "I am sorry, I cannot look that up at the moment. A colleague will write to you within two hours.";

export type Turn = {
  readonly setting: Setting;
  readonly topic: Topic;
  readonly index: number;
  readonly time: number;
  readonly model: SampleModel;
  readonly isIncident: boolean;
};

/** One question of a customer as the agent works on it: intent, passages, a tool where it needs one, the answer. */
export function buildTurn(turn: Turn): Span[] {
  const { setting, topic, index, time } = turn;
  const { random } = setting;
  const history = topic.turns
    .slice(0, index)
    .flatMap(({ user, assistant }) => [say("user", user), say("assistant", assistant)]);
  const said = topic.turns[index] ?? { user: "", assistant: "" };
  const messages = [say("system", SYSTEM), ...history, say("user", said.user)];
  const root = makeStep(setting, {
    name: "support-agent",
    kind: "agent",
    parentSpanId: "",
    time,
    input: messages.slice(1),
  });
  const spans: Span[] = [];
  let clock = time + random.integer(2, 9);
  const add = (span: Span) => {
    spans.push(span);
    clock += span.durationMs + random.integer(1, 4);
    return span.status === "ok";
  };
  const call = (name: string, input: readonly object[], output: unknown) =>
    add(
      sufferCall(
        makeCall(setting, {
          name,
          kind: "generation",
          model: turn.model,
          input,
          output,
          fixedTokens: 1_900,
          parentSpanId: root.spanId,
          time: clock,
          slowdown: turn.isIncident ? 1.8 : 1,
        }),
        turn.model,
        { random, isIncident: turn.isIncident },
      ),
    );

  add(classify(turn, root, clock));
  spans.push(...retrieve(turn, root, clock));
  clock += spans.at(-2)?.durationMs ?? 0;
  const { tool } = topic;
  let answer = said.assistant;
  if (tool && index === 0) {
    const id = `call_${random.hex(12)}`;
    const request = { type: "tool_call", id, name: tool.name, arguments: tool.arguments };
    if (!call("choose tool", messages, [{ role: "assistant", parts: [request], finish_reason: "tool_calls" }]))
      return finish(root, spans, null);
    const isFound = add(useTool(turn, root, clock));
    if (!isFound) answer = SORRY;
    messages.push(
      { role: "assistant", parts: [request] },
      {
        role: "tool",
        parts: [{ type: "tool_call_response", id, response: isFound ? tool.result : { error: "timeout" } }],
      },
    );
  }
  const isAnswered = call("answer", messages, [{ ...say("assistant", answer), finish_reason: "stop" }]);
  return finish(root, spans, isAnswered ? answer : null);
}

function classify({ setting, topic, index }: Turn, root: Span, time: number): Span {
  const model = setting.environment === "staging" ? smollm : gptMini;
  const input = [say("system", CLASSIFY), say("user", topic.turns[index]?.user ?? "")];
  const output = [{ ...say("assistant", JSON.stringify({ intent: topic.intent })), finish_reason: "stop" }];
  return makeCall(setting, {
    name: "classify intent",
    kind: "generation",
    model,
    input,
    output,
    fixedTokens: 120,
    parentSpanId: root.spanId,
    time,
  });
}

/** The search, and within it the embedding of the question: in this order. */
function retrieve({ setting, topic, index }: Turn, root: Span, time: number): [Span, Span] {
  const question = topic.turns[index]?.user ?? "";
  const search = makeStep(setting, {
    name: "search help centre",
    kind: "retrieval",
    parentSpanId: root.spanId,
    time,
    input: { query: question, top_k: 3 },
  });
  const vector = makeCall(setting, {
    name: "embed question",
    kind: "embedding",
    model: embedding,
    input: [question],
    output: null,
    fixedTokens: 0,
    parentSpanId: search.spanId,
    time: time + 1,
  });
  const output = topic.documents.map(({ title, text }, rank) => ({
    id: `help/${title.toLowerCase().replaceAll(" ", "-")}`,
    title,
    content: text,
    score: Math.round((0.86 - rank * 0.11) * 1_000) / 1_000,
  }));
  return [{ ...search, durationMs: round(vector.durationMs + setting.random.around(14)), output }, vector];
}

function useTool({ setting, topic }: Turn, root: Span, time: number): Span {
  const step = makeStep(setting, {
    name: topic.tool?.name ?? "",
    kind: "tool",
    parentSpanId: root.spanId,
    time,
    input: topic.tool?.arguments,
  });
  if (setting.random.chance(0.04))
    return {
      ...step,
      durationMs: round(setting.random.around(5_000, 0.01)),
      status: "error",
      errorType: "timeout",
      errorMessage: "The order service did not answer within 5 s.",
    };
  return { ...step, durationMs: round(setting.random.around(140, 0.5)), output: topic.tool?.result };
}

function finish(root: Span, spans: readonly Span[], answer: string | null): Span[] {
  const start = Date.parse(root.startTime);
  const end = Math.max(...spans.map((span) => Date.parse(span.startTime) + span.durationMs));
  const last = spans.at(-1);
  const outcome =
    answer === null && last
      ? { status: last.status, errorType: last.errorType, errorMessage: last.errorMessage }
      : { output: [{ ...say("assistant", answer ?? ""), finish_reason: "stop" }] };
  return [{ ...root, durationMs: round(end - start + 2), ...outcome }, ...spans];
}
