import type { RequestFor } from "../client.ts";
import type { EvaluationOptions, Task, TaskAnswer, ToolCall } from "./evaluation.ts";
import type { ItemsToAnswer, NamedItem } from "./read-items.ts";

export type UploadedAnswer = RequestFor<"POST /api/v1/runs/:runId/answers">["body"]["answers"][number];

type Answering = Pick<EvaluationOptions, "task" | "signal"> & {
  readonly repeats: number;
  readonly concurrency: number;
};
const MOST_WORDS = 4_000;

/**
 * Has the program answer every item the given number of times, a few at once. An exception is stored as the error of
 * that answer.
 */
export async function answerItems({ items, dataset }: ItemsToAnswer, options: Answering): Promise<UploadedAnswer[]> {
  const { task, repeats, concurrency, signal = new AbortController().signal } = options;
  const tasks = items.flatMap((item) => Array.from({ length: repeats }, (_, repeat) => ({ item, repeat })));
  const answers: UploadedAnswer[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let at = next++; at < tasks.length; at = next++) {
      signal.throwIfAborted();
      const one = tasks[at];
      if (!one) return;
      const { itemId, inputs, expected, metadata, split } = one.item;
      const about = dataset ? {} : { inputs: { ...inputs }, expected, ...(metadata && { metadata }), split };
      answers[at] = {
        itemId,
        repeat: one.repeat,
        ...about,
        ...(await answer(task, one.item, { repeat: one.repeat, signal })),
      };
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, work));
  return answers;
}

type Answered = Pick<
  UploadedAnswer,
  "output" | "message" | "error" | "latencyMs" | "costUsd" | "inputTokens" | "outputTokens"
>;

async function answer(task: Task, item: NamedItem, about: { repeat: number; signal: AbortSignal }): Promise<Answered> {
  const startedAt = performance.now();
  try {
    const given = await task(item, about);
    return { ...answerOf(given), latencyMs: performance.now() - startedAt };
  } catch (error) {
    about.signal.throwIfAborted();
    // What a test asserts about an answer is no fault of a provider.
    if (error instanceof Error && error.name === "AssertionError") throw error;
    return { output: "", error: failureOf(error), latencyMs: performance.now() - startedAt };
  }
}

/** A text as it is, an object with an `output` as an answer, anything else as JSON. */
function answerOf(given: unknown): Answered {
  const { output, documents, toolCalls, ...spent } = toTaskAnswer(given);
  const calls = toolCalls?.map(toOpenAiCall);
  const hasMore = documents !== undefined || calls !== undefined;
  const message = {
    role: "assistant",
    content: output,
    ...(calls && { tool_calls: calls }),
    ...(documents && { documents }),
  };
  const { costUsd = null, inputTokens = null, outputTokens = null } = spent;
  return { output, message: hasMore ? message : null, costUsd, inputTokens, outputTokens };
}

export function toTaskAnswer(given: unknown): TaskAnswer {
  if (typeof given === "string") return { output: given };
  if (isTaskAnswer(given)) return given;
  return { output: JSON.stringify(given) ?? "" };
}

const isTaskAnswer = (given: unknown): given is TaskAnswer =>
  typeof given === "object" && given !== null && "output" in given && typeof given.output === "string";

const toOpenAiCall = ({ name, arguments: given }: ToolCall) => ({
  type: "function",
  function: { name, arguments: typeof given === "string" ? given : JSON.stringify(given ?? {}) },
});

function failureOf(error: unknown) {
  const code =
    error instanceof Error ? ("code" in error && typeof error.code === "string" ? error.code : error.name) : "error";
  const message = error instanceof Error ? error.message : String(error);
  return { code: code.slice(0, 80), message: message.slice(0, MOST_WORDS) };
}
