import type { Token } from "node-llama-cpp";
import type { GenerateEvent, TokenLogprob } from "../port.ts";
import type { CallWatcher } from "./call-watcher.ts";
import { createStopScanner } from "./stop-scanner.ts";
import type { Vocabulary } from "./vocabulary.ts";

type Logprobs = TokenLogprob & { readonly top: readonly TokenLogprob[] };
type Answer = {
  readonly vocabulary: Vocabulary;
  readonly stop: readonly string[];
  /** Set when the answer may hold calls of tools. */
  readonly watcher: CallWatcher | null;
  /** Whether a blank before the first word belongs to the vocabulary and not to the answer. */
  readonly dropsFirstBlank: boolean;
  readonly emit: (event: GenerateEvent) => void;
};

/** Turns tokens into events of text: whole characters, nothing of a stop sequence, nothing that is a call of a tool. */
export function createAnswerText({ vocabulary, stop, watcher, dropsFirstBlank, emit }: Answer) {
  const decoder = new TextDecoder();
  const scanner = createStopScanner(stop);
  let decoded = 0;
  let shown = 0;
  let waiting: { readonly start: number; readonly entry: Logprobs }[] = [];

  function show(text: string) {
    const answer = watcher ? watcher.push(text) : text;
    shown += text.length;
    give(answer);
  }
  function give(text: string) {
    const due = waiting.filter(({ start }) => start < shown).map(({ entry }) => entry);
    if (text === "") return;
    waiting = waiting.filter(({ start }) => start >= shown);
    emit(due.length > 0 ? { type: "text", text, logprobs: due } : { type: "text", text });
  }
  function decode(bytes: readonly number[], isLast: boolean) {
    const text = decoder.decode(Uint8Array.from(bytes), { stream: !isLast });
    return dropsFirstBlank && decoded === 0 && text.startsWith(" ") ? text.slice(1) : text;
  }

  return {
    /** True when a stop sequence was met: nothing more is to come. */
    push(token: Token, entry: Logprobs | null): boolean {
      if (entry) waiting.push({ start: decoded, entry });
      const text = decode(vocabulary.bytesOf(token), false);
      decoded += text.length;
      if (text === "") return false;
      const step = scanner.push(text);
      if (step.text !== "") show(step.text);
      return step.isStopped;
    },
    /** Gives out what was held back. After a stop sequence there is nothing but what the watcher holds. */
    end(isStopped: boolean) {
      if (!isStopped) {
        const rest = decode([], true);
        const text = scanner.push(rest);
        const last = text.isStopped ? text.text : text.text + scanner.end();
        if (last !== "") show(last);
      }
      if (watcher) give(watcher.end());
    },
    stopSequence: scanner.met,
  };
}
