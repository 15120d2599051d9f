import type { ResponsesRequest } from "@treadle/contract";
import { createdAt } from "../hub/chunks.ts";
import { citationsIn, knowledgeIn } from "../hub/cited.ts";
import type { StreamWriter } from "../hub/format.ts";
import type { ChatChunk } from "../hub/hub.ts";
import { type JsonRecord, textOf } from "../hub/json.ts";
import { searchItem, toAnnotation } from "./file-search.ts";
import { addCall, addSearch, addThoughts, annotate, close, openSaid, type ResponsesState, say, send } from "./items.ts";
import { idCore, incompleteReason, responseShell } from "./response.ts";
import { planTools } from "./tools.ts";
import { responsesLogprobs, responsesUsage } from "./usage.ts";

type Meta = { readonly id: string; readonly model: string; readonly now: number };

function shell(
  state: ResponsesState,
  status: "in_progress" | "completed" | "incomplete" | "failed",
  error: JsonRecord | null = null,
): JsonRecord {
  return responseShell(state.request, {
    id: `resp_${state.core}`,
    model: state.model,
    createdAt: createdAt(state.meta.now),
    status,
    output: [...state.output],
    usage: responsesUsage(state.usage),
    incomplete: status === "incomplete" ? incompleteReason(state.finish) : null,
    error,
    knowledge: state.knowledge,
  });
}

function start(state: ResponsesState): string {
  if (state.isStarted) return "";
  state.isStarted = true;
  const response = shell(state, "in_progress");
  return send(state, "response.created", { response }) + send(state, "response.in_progress", { response });
}

/** The search that the answer is made from, with the chunk that names it. */
function startSearch(state: ResponsesState, chunk: ChatChunk): string {
  const used = state.knowledge === undefined ? knowledgeIn(chunk) : null;
  if (used === null) return "";
  state.knowledge = used;
  return addSearch(state, searchItem(used, state.core, state.request));
}

function write(state: ResponsesState, chunk: ChatChunk): string {
  state.model = chunk.model || state.model;
  const out = [start(state), startSearch(state, chunk)];
  if (chunk.usage) state.usage = chunk.usage;
  const choice = chunk.choices.find(({ index }) => index === 0);
  if (!choice) return out.join("");
  const { delta } = choice;
  out.push(addThoughts(state, delta));
  if (textOf(delta.content) !== "")
    out.push(say(state, "output_text", { text: textOf(delta.content), logprobs: responsesLogprobs(choice.logprobs) }));
  out.push(annotate(state, citationsIn(delta.annotations).map(toAnnotation)));
  if (textOf(delta.refusal) !== "") out.push(say(state, "refusal", { text: textOf(delta.refusal) }));
  out.push(...(delta.tool_calls ?? []).map((call, position) => addCall(state, call, position)));
  state.finish = choice.finish_reason ?? state.finish;
  return out.join("");
}

function end(state: ResponsesState): string {
  const prologue = start(state);
  // Clients expect a message in every answer, so an empty answer has an empty message.
  const isShown =
    (state.open !== null && state.open.kind !== "reasoning") ||
    state.output.some(({ type }) => type !== "reasoning" && type !== "file_search_call");
  const empty = isShown ? "" : openSaid(state, "output_text").out;
  const closed = close(state);
  const status = incompleteReason(state.finish) === null ? "completed" : "incomplete";
  return prologue + empty + closed + send(state, `response.${status}`, { response: shell(state, status) });
}

function fail(state: ResponsesState, error: { code: string; message: string; status: number }): string {
  const code = error.status === 429 ? "rate_limit_exceeded" : "server_error";
  return (
    start(state) +
    send(state, "response.failed", { response: shell(state, "failed", { code, message: error.message }) })
  );
}

/** Writes the hub's chunks as the Responses API's events. Throws `UpstreamStreamError` if the deltas of several tool calls are interleaved. */
export function responsesWriter(request: ResponsesRequest, meta: Meta): StreamWriter {
  const state: ResponsesState = {
    request,
    meta,
    core: idCore(meta.id),
    known: planTools(request.tools).known,
    model: meta.model,
    sequence: 0,
    isStarted: false,
    output: [],
    open: null,
    hasWords: false,
    calls: new Set(),
    finish: null,
    usage: null,
    knowledge: undefined,
  };
  return { write: (chunk) => write(state, chunk), end: () => end(state), fail: (error) => fail(state, error) };
}
