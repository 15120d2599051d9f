import type { Item, RecordedAnswer, Recording, ReplayTraffic, Span } from "@treadle/contract";
import { textOfMessages } from "../../../data/datasets/index.ts";
import type { Episode } from "./build-episodes.ts";
import { findDates } from "./find-dates.ts";
import { countPromptMessages, readInputs, readParameters, readTools } from "./read-parameters.ts";
import { callsOf } from "./split-messages.ts";

const MOST_TEXT = 1_000_000;
const MOST_MESSAGE = 4_000;

/** An episode as an item of a dataset: the input, what is frozen, and the recorded answer. */
export function toItem(episode: Episode, expected: ReplayTraffic["expected"]): Item {
  const { first, last, start, documents } = episode;
  const recording = recordingOf(episode);
  const recordedAnswer = answerOf(episode);
  const tools = readTools(first);
  const dates = findDates(JSON.stringify(start), first.startTime);
  const model = last.responseModel || last.requestModel;
  return {
    itemId: `${last.traceId}:${last.spanId}`,
    inputs: { ...recording.inputs, messages: start, ...(tools.length > 0 && { tools }) },
    expected: expected === "answer" && recordedAnswer?.output ? recordedAnswer.output : null,
    metadata: {
      recordedAt: first.startTime,
      timeDependent: dates.length > 0 ? "yes" : "no",
      ...(dates.length > 0 && { dates: dates.join(", ") }),
      ...(first.endpoint && { endpoint: first.endpoint, variant: first.variant }),
      ...(documents.length > 0 && { documents }),
      recording,
      ...(recordedAnswer && { recordedAnswer }),
    },
    source: { kind: "trace", traceId: last.traceId, spanId: last.spanId, ...(model && { model }) },
    split: null,
  };
}

function recordingOf({ first, steps }: Episode): Recording {
  return {
    inputs: readInputs(first),
    promptMessages: countPromptMessages(first) ?? 0,
    parameters: { ...readParameters(first) },
    steps: steps.map(({ calls }) => ({
      calls: calls.map(({ name, arguments: given, result }) => ({
        name,
        arguments: given,
        result: result === null ? null : result.slice(0, MOST_TEXT).toWellFormed(),
      })),
    })),
  };
}

/** Null for a call whose output was not recorded. */
function answerOf({ last, calls, steps, answer }: Episode): RecordedAnswer | null {
  const asked = callsOf(answer ?? undefined);
  const error =
    last.status === "ok"
      ? null
      : { code: (last.errorType || last.status).slice(0, 80), message: last.errorMessage.slice(0, MOST_MESSAGE) };
  if (answer === null && error === null) return null;
  const isWhole = calls.length === steps.length + (asked.length > 0 ? 0 : 1);
  return {
    output: textOfMessages(answer ? [answer] : []).slice(0, MOST_TEXT),
    message: asked.length > 0 ? answer : null,
    error,
    ...(isWhole ? sumsOf(calls) : NOTHING_KNOWN),
  };
}

const NOTHING_KNOWN = { latencyMs: null, costUsd: null, inputTokens: null, outputTokens: null };

/** The time, the cost and the tokens of all calls of the model. Calls without tokens were not measured. */
function sumsOf(calls: readonly Span[]) {
  const sum = (value: (span: Span) => number) => calls.reduce((total, span) => total + value(span), 0);
  const isCounted = calls.every(({ inputTokens, outputTokens }) => inputTokens + outputTokens > 0);
  return {
    latencyMs: sum(({ durationMs }) => durationMs),
    costUsd: calls.some(({ costUsd }) => costUsd === null) ? null : sum(({ costUsd }) => costUsd ?? 0),
    inputTokens: isCounted ? sum(({ inputTokens }) => inputTokens) : null,
    outputTokens: isCounted ? sum(({ outputTokens }) => outputTokens) : null,
  };
}
