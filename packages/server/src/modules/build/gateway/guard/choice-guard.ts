import { createRestorer, createStreamGuard } from "@treadle/guards";
import { mapArguments } from "../../guards/index.ts";
import { createCollector } from "../formats/hub/collect-chunks.ts";
import type { ChatMessage, ToolCall } from "../formats/hub/hub.ts";
import { textOf } from "../formats/hub/json.ts";
import { detailsOf, thoughtsOf } from "../formats/hub/reasoning.ts";
import { judgingVisitor, type Means } from "./guard-message.ts";

export type Delta = Partial<ChatMessage> & Readonly<Record<string, unknown>>;
/** A piece of an answer as it is stored and as the caller sees it. */
export type DeltaPair = { readonly stored: Delta; readonly shown: Delta };
type Channel = "content" | "reasoning_content" | "refusal";

/**
 * The guards of one choice of a streamed answer: one for each of its texts. Tool calls are held until they are complete, since
 * a client acts on the whole call. Log-probabilities are left out: they would not fit a text that was held back or changed.
 */
export function createChoiceGuard(means: Means, index: number) {
  const texts = new Map<Channel, ReturnType<typeof createTextGuard>>();
  const calls = createHeldCalls(means, index);
  let current: Channel | null = null;
  let hasUnknown = false;
  let isBlocked = false;

  const block = () => {
    isBlocked = true;
  };
  function guardOf(channel: Channel) {
    const existing = texts.get(channel);
    if (existing) return existing;
    const created = createTextGuard(means);
    texts.set(channel, created);
    return created;
  }
  function end(channel: Channel | null): DeltaPair[] {
    if (channel === null) return [];
    const pair = guardOf(channel).flush();
    isBlocked ||= guardOf(channel).isBlocked();
    return pairOf(channel, pair);
  }
  /** A text that begins after another one: the other one has ended. */
  function say(channel: Channel, text: string): DeltaPair[] {
    if (text === "") return [];
    const before = current === channel ? [] : end(current);
    current = channel;
    if (isBlocked) return before;
    const piece = guardOf(channel).push(text);
    isBlocked ||= guardOf(channel).isBlocked();
    return [...before, ...pairOf(channel, piece)];
  }
  /** Signed reasoning is sent after its text, unless a guard changed the text. */
  function sign(delta: Delta): DeltaPair[] {
    const signed = detailsOf(delta).filter((detail) => textOf(detail.signature) !== "" || textOf(detail.data) !== "");
    if (signed.length === 0) return [];
    const before = current === "reasoning_content" ? end(current) : [];
    if (texts.get("reasoning_content")?.isChanged()) return before;
    return [...before, same({ reasoning_details: signed })];
  }
  function look(): void {
    if (hasUnknown) return;
    hasUnknown = true;
    judgingVisitor(means, block).unknown({ trust: "output", path: `choices.${index}` });
  }

  return {
    isBlocked: () => isBlocked,
    read(delta: Delta): DeltaPair[] {
      const { content, reasoning_content: _, reasoning: _words, reasoning_details: _details, refusal, ...more } = delta;
      const { tool_calls: pieces, function_call: legacy, ...rest } = more;
      if (rest.images !== undefined || rest.audio !== undefined) look();
      if (pieces) calls.add(pieces);
      if (legacy) calls.addLegacy(legacy);
      return [
        ...(Object.keys(rest).length > 0 ? [same(rest)] : []),
        ...say("reasoning_content", thoughtsOf(delta)),
        ...sign(delta),
        ...say("content", textOf(content)),
        ...say("refusal", textOf(refusal)),
      ];
    },
    /** The rest of the text, and the tool calls. */
    finish(): DeltaPair[] {
      const rest = isBlocked ? [] : end(current);
      return isBlocked ? rest : [...rest, ...calls.release(block)];
    },
    /** Records what was found. Called once, however the answer ended. */
    report(): void {
      for (const [channel, guard] of texts)
        means.record.add(guard.verdict(), { trust: "output", path: `choices.${index}.${channel}` });
    },
  };
}
export type ChoiceGuard = ReturnType<typeof createChoiceGuard>;

type Piece = { readonly stored: string; readonly shown: string };

const same = (delta: Delta): DeltaPair => ({ stored: delta, shown: delta });
const pairOf = (channel: Channel, { stored, shown }: Piece): DeltaPair[] =>
  stored === "" && shown === ""
    ? []
    : [{ stored: stored === "" ? {} : { [channel]: stored }, shown: shown === "" ? {} : { [channel]: shown } }];

/** One text: the guard, and after it the values instead of placeholders. */
function createTextGuard({ judging, restore }: Means) {
  const guard = createStreamGuard({ ...judging, trust: "output" });
  const restorer = createRestorer({ restore });
  const restored = (stored: string, isEnd: boolean): Piece => ({
    stored,
    shown: restorer.push(stored) + (isEnd ? restorer.flush() : ""),
  });
  return {
    push: (text: string) => restored(guard.push(text), false),
    flush: () => restored(guard.flush(), true),
    isBlocked: guard.isBlocked,
    isChanged: () => guard.verdict().findings.some(({ action }) => action === "mask" || action === "redact"),
    verdict: guard.verdict,
  };
}

/** Tool calls of a choice, until all of their arguments are there. */
function createHeldCalls(means: Means, index: number) {
  const collector = createCollector();
  const head = { id: "", object: "chat.completion.chunk", created: 0, model: "" } as const;
  let legacy: { name: string; arguments: string } | null = null;

  function guard(text: string, place: string, onBlock: () => void): Piece {
    const at = { trust: "tool-arguments", path: `choices.${index}.${place}` } as const;
    const stored = mapArguments(text, judgingVisitor(means, onBlock), at);
    return { stored, shown: mapArguments(stored, { text: means.restore, unknown: () => undefined }, at) };
  }

  return {
    add(pieces: readonly ToolCall[]): void {
      collector.add({ ...head, choices: [{ index: 0, delta: { tool_calls: [...pieces] }, finish_reason: null }] });
    },
    addLegacy(piece: unknown): void {
      const { name, arguments: text } = piece as Readonly<Record<string, unknown>>;
      legacy = {
        name: `${legacy?.name ?? ""}${textOf(name)}`,
        arguments: `${legacy?.arguments ?? ""}${textOf(text)}`,
      };
    },
    release(onBlock: () => void): DeltaPair[] {
      const calls = collector.response().choices[0]?.message.tool_calls ?? [];
      const pairs = calls.map((call, place): DeltaPair => {
        const piece = guard(call.function.arguments ?? "", `tool_calls.${place}.function.arguments`, onBlock);
        const withText = (text: string): Delta => ({
          tool_calls: [{ ...call, index: place, function: { ...call.function, arguments: text } }],
        });
        return { stored: withText(piece.stored), shown: withText(piece.shown) };
      });
      if (legacy === null) return pairs;
      const { name, arguments: text } = legacy;
      const piece = guard(text, "function_call.arguments", onBlock);
      const withText = (changed: string): Delta => ({ function_call: { name, arguments: changed } });
      return [...pairs, { stored: withText(piece.stored), shown: withText(piece.shown) }];
    },
  };
}
