import { LlamaGrammarEvaluationState, type Token } from "node-llama-cpp";
import { AppError } from "../../../kernel/errors.ts";
import { promptTooLong } from "../context-length.ts";
import type { GenerateEvent } from "../port.ts";
import type { GenerateOrder } from "../protocol.ts";
import { createAnswerText } from "./answer-text.ts";
import { createCallWatcher, readCall, toCall } from "./call-watcher.ts";
import type { LoadedChat } from "./load-chat.ts";
import { createSampler, toLogprobs } from "./sampling.ts";
import { PROMPT_PIECE_TOKENS, type Taken } from "./sequences.ts";

type Io = { readonly signal: AbortSignal; readonly emit: (event: GenerateEvent) => void };
type Run = { readonly chat: LoadedChat; readonly order: GenerateOrder; readonly io: Io };

/**
 * Answers one request on a separate sequence. Throws `invalid_request` for a prompt that is too long, `cancelled` on an
 * abort.
 */
export async function generate(chat: LoadedChat, order: GenerateOrder, io: Io): Promise<void> {
  const { marks } = chat.prompts;
  const opening = order.isForcedCall && marks.start !== "" ? `${marks.start}\n` : "";
  const tokens = chat.prompts.tokenize(order.prompt, order.tools, opening);
  const room = roomFor(chat, order, tokens.length);
  const limit = Math.min(order.maxTokens ?? room, room);
  const sequence = await chat.sequences.take({ tokens, caller: order.caller, mayReuse: true });
  try {
    await readPrompt(sequence, tokens, io.signal);
    await answer({ chat, order, io }, { taken: sequence, tokens, limit });
  } finally {
    sequence.giveBack();
  }
}

function roomFor(chat: LoadedChat, { prompt }: GenerateOrder, promptTokens: number) {
  if (promptTokens === 0)
    throw new AppError("invalid_request", { message: "The prompt is empty. Send a prompt with at least one token." });
  const room = chat.contextTokens - promptTokens;
  if (room >= 1) return room;
  const { modelId, contextTokens } = chat;
  throw promptTooLong({ modelId, contextTokens, promptTokens, param: "messages" in prompt ? "messages" : "prompt" });
}

async function readPrompt({ sequence, held, noteWhole }: Taken, tokens: readonly Token[], signal: AbortSignal) {
  for (let at = held; at < lastPieceStart(tokens, held); at += PROMPT_PIECE_TOKENS) {
    throwIfCancelled(signal);
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, at + PROMPT_PIECE_TOKENS));
    noteWhole(at + PROMPT_PIECE_TOKENS);
  }
}

/** The last piece is left for the call that generates, since the first token comes out of it. */
const lastPieceStart = (tokens: readonly Token[], held: number) =>
  held + Math.floor((tokens.length - held - 1) / PROMPT_PIECE_TOKENS) * PROMPT_PIECE_TOKENS;

function throwIfCancelled(signal: AbortSignal) {
  if (signal.aborted) throw new AppError("cancelled");
}

type Start = { readonly taken: Taken; readonly tokens: readonly Token[]; readonly limit: number };
type Ending = { readonly isStopped: boolean; readonly isCut: boolean; readonly completionTokens: number };

async function answer(run: Run, start: Start) {
  const { chat, order, io } = run;
  const grammarRun = await holdToGrammar(run);
  const forced: string[] = [];
  const watcher = grammarRun.watcher;
  const text = createAnswerText({
    vocabulary: chat.vocabulary,
    stop: order.stop,
    watcher,
    dropsFirstBlank: chat.vocabulary.isPieces && "messages" in order.prompt,
    emit: (event) => (order.isForcedCall && event.type === "text" ? forced.push(event.text) : io.emit(event)),
  });
  const ending =
    start.limit === 0
      ? { isStopped: false, isCut: true, completionTokens: 0 }
      : await draw(run, start, { text, grammar: grammarRun.grammar });
  text.end(ending.isStopped);
  const calls = order.isForcedCall ? forcedCalls(forced.join(""), order) : (watcher?.calls ?? []);
  for (const call of calls) io.emit({ type: "tool_call", call });
  const finishReason = ending.isCut ? "length" : calls.length > 0 ? "tool_calls" : "stop";
  const stopSequence = finishReason === "stop" ? text.stopSequence() : null;
  io.emit({
    type: "done",
    finishReason,
    ...(stopSequence !== null && { stopSequence }),
    promptTokens: start.tokens.length,
    completionTokens: ending.completionTokens,
  });
}

/** The grammar that holds from the first token, or only while the model calls a tool on its own. */
async function holdToGrammar({ chat, order }: Run) {
  const { model, prompts } = chat;
  const text = order.grammar ?? order.callGrammar;
  if (text === null) return { grammar: () => undefined, watcher: null };
  const grammar = await model.llama.createGrammar({ grammar: text }).catch((cause: unknown) => {
    throw unreadable(order, cause);
  });
  const begin = () => new LlamaGrammarEvaluationState({ model, grammar });
  let state = order.grammar === null ? undefined : begin();
  if (order.grammar !== null) return { grammar: () => state, watcher: null };
  const watcher = createCallWatcher({
    tools: order.tools,
    marks: prompts.marks,
    // Only a call that begins afresh can be followed by the grammar.
    onOpened: (rest) => {
      state = rest.trim() === "" ? begin() : undefined;
    },
    onClosed: () => {
      state = undefined;
    },
  });
  return { grammar: () => state, watcher };
}

/** A schema may still require more than the engine's grammars support, such as circular references. */
function unreadable({ grammar, isForcedCall }: GenerateOrder, cause: unknown) {
  const isAnswer = grammar !== null && !isForcedCall;
  const what = isAnswer ? "the JSON schema of the response" : "the JSON schemas of the tools' parameters";
  return new AppError("invalid_request", {
    message: `The local engine cannot enforce ${what}. Look for references that lead back to themselves, or use a simpler schema.`,
    details: { param: isAnswer ? "response_format" : "tools" },
    cause,
  });
}

type Output = {
  readonly text: ReturnType<typeof createAnswerText>;
  readonly grammar: () => LlamaGrammarEvaluationState | undefined;
};

/** Draws token after token until the model, a stop sequence or the limit ends the answer. */
async function draw(
  { chat, order, io }: Run,
  { taken, tokens, limit }: Start,
  { text, grammar }: Output,
): Promise<Ending> {
  const sampler = createSampler({ ...order, temperature: order.temperature ?? chat.temperature });
  const last = tokens.slice(lastPieceStart(tokens, taken.held));
  const steps = taken.sequence.evaluateWithMetadata(
    last,
    { probabilities: sampler.wantsProbabilities },
    { ...sampler.options, grammarEvaluationState: grammar, yieldEogToken: true },
  );
  let completionTokens = 0;
  let replacement: Token | undefined;
  try {
    while (true) {
      throwIfCancelled(io.signal);
      const step = await steps.next(replacement);
      throwIfCancelled(io.signal);
      if (step.done) return { isStopped: false, isCut: false, completionTokens };
      const drawn = drawnFrom(step.value, sampler);
      replacement = drawn.token;
      if (chat.model.isEogToken(drawn.token)) return { isStopped: false, isCut: false, completionTokens };
      completionTokens++;
      const top = order.topLogprobs;
      const entry =
        top === null || !drawn.distribution
          ? null
          : toLogprobs(chat.vocabulary, { token: drawn.token, distribution: drawn.distribution, top });
      if (text.push(drawn.token, entry)) return { isStopped: true, isCut: false, completionTokens };
      if (completionTokens >= limit) return { isStopped: false, isCut: true, completionTokens };
    }
  } finally {
    await steps.return();
  }
}

type Step = { readonly token: Token; readonly probabilities?: Map<Token, number> };

function drawnFrom({ token, probabilities }: Step, sampler: ReturnType<typeof createSampler>) {
  if (!probabilities) return { token, distribution: null };
  const distribution = sampler.toModelDistribution(probabilities);
  return { token: sampler.choose ? sampler.choose(distribution) : token, distribution };
}

/** The single call of a forced answer. A truncated call has its partial arguments. */
function forcedCalls(text: string, order: GenerateOrder) {
  const call = readCall(text, order.tools);
  if (call) return [call];
  const cut = /^\{"name": ?"((?:[^"\\]|\\.)*)", ?"arguments": ?/.exec(text);
  return cut ? [toCall(cut[1] ?? "", text.slice(cut[0].length))] : [];
}
