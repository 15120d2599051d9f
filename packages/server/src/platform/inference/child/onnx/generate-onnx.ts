import { AppError } from "../../../../kernel/errors.ts";
import { promptTooLong } from "../../context-length.ts";
import type { GenerateEvent } from "../../port.ts";
import type { GenerateOrder } from "../../protocol.ts";
import { createStopScanner } from "../stop-scanner.ts";
import { createChoice } from "./choose-token.ts";
import type { OnnxTokenizer } from "./library.ts";
import type { LoadedOnnx } from "./load-onnx.ts";

type Io = { readonly signal: AbortSignal; readonly emit: (event: GenerateEvent) => void };
const DECODING = { skip_special_tokens: true, clean_up_tokenization_spaces: false };
/** The replacement for bytes of an incomplete character. */
const HALF = "\uFFFD";

/** Answers one request. Throws `invalid_request` for what ONNX cannot be held to, or a prompt that is too long; `cancelled` when aborted. */
export async function generateOnnx(chat: LoadedOnnx, order: GenerateOrder, io: Io): Promise<void> {
  checkWishes(order);
  const tokens = chat.tokenize(order.prompt);
  const room = roomFor(chat, order, tokens.length);
  const limit = Math.min(order.maxTokens ?? room, room);
  const ending =
    limit === 0 ? { isCut: true, completionTokens: 0, stop: null } : await draw({ chat, order, io }, { tokens, limit });
  io.emit({
    type: "done",
    finishReason: ending.isCut ? "length" : "stop",
    ...(ending.stop !== null && { stopSequence: ending.stop }),
    promptTokens: tokens.length,
    completionTokens: ending.completionTokens,
  });
}

function checkWishes({ grammar, tools, topLogprobs }: GenerateOrder) {
  const wish =
    grammar !== null
      ? "structured output"
      : tools.length > 0
        ? "tools"
        : topLogprobs !== null
          ? "log-probabilities"
          : null;
  if (wish !== null)
    throw new AppError("invalid_request", {
      message: `ONNX models do not support ${wish} here. Leave it out, or use a GGUF version of the model.`,
    });
}

function roomFor({ contextTokens, modelId }: LoadedOnnx, { prompt }: GenerateOrder, promptTokens: number): number {
  if (promptTokens === 0)
    throw new AppError("invalid_request", { message: "The prompt is empty. Send a prompt with at least one token." });
  if (contextTokens > promptTokens) return contextTokens - promptTokens;
  throw promptTooLong({ modelId, contextTokens, promptTokens, param: "messages" in prompt ? "messages" : "prompt" });
}

type Run = { readonly chat: LoadedOnnx; readonly order: GenerateOrder; readonly io: Io };
type Start = { readonly tokens: readonly number[]; readonly limit: number };

/** Each token is chosen here, as for any other model, so that a seed and a temperature mean the same. */
async function draw({ chat, order, io }: Run, { tokens, limit }: Start) {
  const { library, model } = chat;
  const choose = createChoice(order);
  const scanner = createStopScanner(order.stop);
  const text = createTexts(chat.tokenizer);
  const state = { completionTokens: 0, isEnded: false, isStopped: false };
  const show = (piece: string) => {
    const { text: shown, isStopped } = scanner.push(piece);
    if (shown !== "") io.emit({ type: "text", text: shown });
    state.isStopped = isStopped;
  };
  function take(token: number) {
    if (chat.ends.has(token)) {
      state.isEnded = true;
      return;
    }
    state.completionTokens++;
    show(text.push(token));
  }
  const sizes = [1, tokens.length];
  let isPrompt = true;
  if (io.signal.aborted) throw new AppError("cancelled");
  await model.generate({
    input_ids: new library.Tensor("int64", BigInt64Array.from(tokens, BigInt), sizes),
    attention_mask: new library.Tensor("int64", new BigInt64Array(tokens.length).fill(1n), sizes),
    max_new_tokens: limit,
    do_sample: false,
    logits_processor: [
      (_, logits) => {
        logits.data[choose(logits.data)] = Number.POSITIVE_INFINITY;
        return logits;
      },
    ],
    stopping_criteria: [() => [io.signal.aborted || state.isEnded || state.isStopped]],
    streamer: {
      put(ids) {
        // The prompt comes first, as one piece.
        if (!isPrompt) for (const token of ids.flat()) take(Number(token));
        isPrompt = false;
      },
      end() {},
    },
  });
  if (io.signal.aborted) throw new AppError("cancelled");
  if (!state.isStopped) show(text.end());
  const rest = state.isStopped ? "" : scanner.end();
  if (rest !== "") io.emit({ type: "text", text: rest });
  return { isCut: !state.isEnded && !state.isStopped, completionTokens: state.completionTokens, stop: scanner.met() };
}

/** Turns tokens into text piece by piece: whole characters only. */
function createTexts(tokenizer: OnnxTokenizer) {
  let ids: number[] = [];
  /** Of these, the number already returned. They stay as context for the next piece. */
  let shown = 0;
  const whole = () => tokenizer.decode(ids, DECODING);
  const before = () => (shown === 0 ? "" : tokenizer.decode(ids.slice(0, shown), DECODING));
  return {
    push(token: number): string {
      ids.push(token);
      const text = whole();
      if (text.endsWith(HALF)) return "";
      const piece = text.slice(before().length);
      ids = ids.slice(shown);
      shown = ids.length;
      return piece;
    },
    end: () => whole().slice(before().length),
  };
}
