import { askLater, mapArguments } from "../../guards/index.ts";
import { createCollector } from "../formats/hub/collect-chunks.ts";
import type { ChatMessage, ToolCall } from "../formats/hub/hub.ts";
import { type JsonRecord, recordOf, textOf } from "../formats/hub/json.ts";
import { judgeCalls, judgingVisitor, type Means } from "./guard-message.ts";

export type Delta = Partial<ChatMessage> & Readonly<Record<string, unknown>>;
/** A piece of an answer as it is stored and as the caller sees it. */
export type DeltaPair = { readonly stored: Delta; readonly shown: Delta };
/** A choice of an answer, and what happens when something in it is blocked. */
export type AtChoice = { readonly path: string; readonly block: () => void };

/** Tool calls of a choice, until all of their arguments are there. */
export function createHeldCalls(means: Means, { path, block }: AtChoice) {
  const collector = createCollector();
  let legacy: { readonly name: string; readonly arguments: string } | null = null;
  const guard = createArgumentGuard(means, block);
  const callsOf = () => collector.response().choices[0]?.message.tool_calls ?? [];
  return {
    add(pieces: readonly ToolCall[] | undefined, called: unknown): void {
      if (pieces)
        collector.add({ ...HEAD, choices: [{ index: 0, delta: { tool_calls: [...pieces] }, finish_reason: null }] });
      if (called) legacy = joinCalled(legacy, recordOf(called));
    },
    /** Waits for the detectors that answer later. */
    settle: () =>
      askLater(means.judging.late, (visitor) => {
        const at = { trust: "tool-arguments", path: "" } as const;
        for (const { function: called } of callsOf()) mapArguments(called.arguments ?? "", visitor, at);
        if (legacy !== null) mapArguments(legacy.arguments, visitor, at);
      }),
    release(): DeltaPair[] {
      const calls = callsOf();
      const message = { role: "assistant", content: null, tool_calls: calls, ...(legacy && { function_call: legacy }) };
      judgeCalls(message, means, { path, onBlock: block });
      const pairs = calls.map((call, index) => releaseOne(call, index, { guard, path }));
      if (legacy === null) return pairs;
      const { name, arguments: text } = legacy;
      const withText = (changed: string): Delta => ({ function_call: { name, arguments: changed } });
      return [...pairs, guard(text, `${path}.function_call.arguments`, withText)];
    },
  };
}

type Releasing = { readonly guard: ReturnType<typeof createArgumentGuard>; readonly path: string };

const releaseOne = (call: ToolCall, index: number, { guard, path }: Releasing): DeltaPair =>
  guard(call.function.arguments ?? "", `${path}.tool_calls.${index}.function.arguments`, (changed) => ({
    tool_calls: [{ ...call, index, function: { ...call.function, arguments: changed } }],
  }));

const HEAD = { id: "", object: "chat.completion.chunk", created: 0, model: "" } as const;

const joinCalled = (before: { name: string; arguments: string } | null, piece: JsonRecord) => ({
  name: `${before?.name ?? ""}${textOf(piece.name)}`,
  arguments: `${before?.arguments ?? ""}${textOf(piece.arguments)}`,
});

const createArgumentGuard =
  (means: Means, block: () => void) =>
  (text: string, path: string, withText: (text: string) => Delta): DeltaPair => {
    const at = { trust: "tool-arguments", path } as const;
    const stored = mapArguments(text, judgingVisitor(means, block), at);
    const shown = mapArguments(stored, { text: means.restore, unknown: () => undefined }, at);
    return { stored: withText(stored), shown: withText(shown) };
  };
