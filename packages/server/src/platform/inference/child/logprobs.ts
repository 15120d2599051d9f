import type { ControlledEvaluateInputItem, Token } from "node-llama-cpp";
import { AppError } from "../../../kernel/errors.ts";
import { textTooLong } from "../context-length.ts";
import type { TextLogprobs, TokenLogprob } from "../port.ts";
import type { Calls } from "../protocol.ts";
import type { LoadedChat } from "./load-chat.ts";
import type { Taken } from "./sequences.ts";

/** A text is read in pieces of this many tokens, between which a cancelled request is noticed. */
const PIECE_TOKENS = 32;
/** The engine gives probabilities as 32-bit floats: what is smaller than the smallest of them counts as that. */
const LEAST_LOGPROB = Math.log(2 ** -149);

type Order = Calls["logprobs"]["order"];

/**
 * The model's log-probability of each token of a given text, after the text before it. Throws `invalid_request` for a
 * text that is too long, `unprocessable` for a model without a token that starts a text, `cancelled` on an abort.
 */
export async function logprobs(chat: LoadedChat, order: Order, signal: AbortSignal): Promise<TextLogprobs> {
  const { before, beginning } = openingOf(chat, order);
  const own = chat.model.tokenize(order.text, false, beginning === "prompt" ? "trimLeadingSpace" : undefined);
  checkRoom(chat, { before: before.length, own: own.length });
  const counts = { beginning, promptTokens: before.length };
  if (own.length === 0) return { tokens: [], ...counts };
  // A measurement must not depend on earlier requests, so no prompt is continued.
  const sequence = await chat.sequences.take({ tokens: before, caller: order.caller, mayReuse: false });
  try {
    return { tokens: await readTokens(chat, { taken: sequence, before, own }, signal), ...counts };
  } finally {
    sequence.giveBack();
  }
}

/**
 * The context before the text. Without a prompt, it is the token that starts texts, or else the token that ends them.
 */
function openingOf({ model, modelId, prompts }: LoadedChat, { prompt }: Order) {
  const given = prompt === null ? [] : prompts.tokenize(prompt, []);
  if (given.length > 0) return { before: given, beginning: "prompt" as const };
  const { bos, eos } = model.tokens;
  if (bos !== null) return { before: [bos], beginning: "bos" as const };
  if (eos !== null) return { before: [eos], beginning: "eos" as const };
  throw new AppError("unprocessable", {
    message: `"${modelId}" has no token that begins or ends a text, so the first token has no probability. Send a prompt before the text.`,
  });
}

function checkRoom({ modelId, contextTokens }: LoadedChat, { before, own }: { before: number; own: number }) {
  if (before + own <= contextTokens) return;
  throw textTooLong({
    param: "text",
    message: `This model's maximum context length is ${contextTokens} tokens, but the prompt and the text have ${before + own} tokens (text: ${own}). Shorten the text for "${modelId}", or measure it in parts.`,
    facts: { textTokens: own, promptTokens: before, contextTokens },
  });
}

type Reading = { readonly taken: Taken; readonly before: readonly Token[]; readonly own: readonly Token[] };

async function readTokens(chat: LoadedChat, { taken, before, own }: Reading, signal: AbortSignal) {
  const read: TokenLogprob[] = [];
  // The probabilities after the last token are not needed, so that token is never evaluated.
  const all = [...before, ...own.slice(0, -1)];
  for (let at = 0; at < all.length; at += PIECE_TOKENS) {
    if (signal.aborted) throw new AppError("cancelled");
    const piece = all.slice(at, at + PIECE_TOKENS);
    const items = piece.map(
      (token, index): ControlledEvaluateInputItem =>
        at + index + 1 < before.length ? token : [token, { generateNext: { probabilities: true } }],
    );
    await taken.sequence.controlledEvaluate(items, {
      onTokenResult(index, { next: { probabilities } }) {
        const token = own[at + index + 1 - before.length];
        if (token === undefined || !probabilities) return;
        read.push(entryOf(chat, token, probabilities.get(token) ?? 0));
        // The whole vocabulary for each token of a piece would be hundreds of megabytes.
        probabilities.clear();
      },
    });
  }
  if (signal.aborted) throw new AppError("cancelled");
  if (read.length !== own.length)
    throw new Error(`the engine returned ${read.length} distributions for ${own.length} tokens`);
  return read;
}

const entryOf = ({ vocabulary }: LoadedChat, token: Token, probability: number): TokenLogprob => ({
  token: vocabulary.textOf(token),
  bytes: vocabulary.bytesOf(token),
  logprob: probability > 0 ? Math.min(0, Math.log(probability)) : LEAST_LOGPROB,
});
