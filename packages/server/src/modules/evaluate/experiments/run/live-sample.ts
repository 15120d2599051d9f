import type { ScorerSample, UploadedAnswer } from "@treadle/contract";
import { z } from "zod";
import type { EvalItem } from "../stores/item-store.ts";
import type { ResultRow } from "../stores/result-store.ts";
import { toolCallsIn } from "./score-answer.ts";

type Place = { readonly traceId: string; readonly spanId: string };

/** An answer of live traffic as an answer of a run. `readLiveSample` gives the same sample back. */
export function storeLiveSample(sample: ScorerSample, { traceId, spanId }: Place): UploadedAnswer {
  const { input, messages = [], output, documents, toolCalls = [], metadata, model } = sample;
  const calls = toolCalls.map(({ name, arguments: given }) => ({
    type: "function",
    function: { name, arguments: given },
  }));
  // Slices of a run use the metadata. A trace with metadata of this name retains it.
  const hasOwnModel = "model" in metadata;
  return {
    itemId: `${traceId}:${spanId}`,
    repeat: 0,
    inputs: {
      messages,
      ...(JSON.stringify(input) !== JSON.stringify(messages) && { input }),
      ...(documents && { documents }),
      ...(hasOwnModel && { model: model ?? null }),
    },
    metadata: { ...(model !== undefined && { model }), ...metadata },
    output,
    message: { role: "assistant", content: output, ...(calls.length > 0 && { tool_calls: calls }) },
    error: null,
    traceId,
    spanId,
    latencyMs: sample.latencyMs ?? null,
    costUsd: sample.costUsd ?? null,
    inputTokens: sample.inputTokens ?? null,
    outputTokens: sample.outputTokens ?? null,
    scores: [],
  };
}

const Stored = z.object({
  messages: z.array(z.looseObject({ role: z.string() })).catch([]),
  documents: z.array(z.string()).optional().catch(undefined),
});

/** The sample of a stored answer of live traffic: a scorer sees the same in a run and in live scoring. */
export function readLiveSample(
  { inputs, metadata }: Pick<EvalItem, "inputs" | "metadata">,
  { output, message, latencyMs, costUsd, inputTokens, outputTokens }: ResultRow,
): ScorerSample {
  const { messages, documents } = Stored.parse(inputs);
  const { model: added, ...own } = metadata;
  const hasOwnModel = "model" in inputs;
  const model = hasOwnModel ? inputs.model : added;
  return {
    input: "input" in inputs ? inputs.input : messages,
    ...(messages.length > 0 && { messages }),
    output,
    expected: null,
    ...(documents && { documents }),
    toolCalls: toolCallsIn(message) ?? [],
    metadata: hasOwnModel ? metadata : own,
    ...(typeof model === "string" && { model }),
    latencyMs,
    costUsd,
    inputTokens,
    outputTokens,
  };
}
