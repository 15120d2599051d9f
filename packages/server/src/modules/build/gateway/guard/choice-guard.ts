import { answering, createRestorer, createStreamGuard } from "@treadle/guards";
import { textOf } from "../formats/hub/json.ts";
import { detailsOf, thoughtsOf } from "../formats/hub/reasoning.ts";
import { judgingVisitor, type Means } from "./guard-message.ts";
import { type AtChoice, createHeldCalls, type Delta, type DeltaPair } from "./held-calls.ts";

type Channel = "content" | "reasoning_content" | "refusal";

/**
 * The guards of one choice of a streamed answer: one for each of its texts. Tool calls are held until they are complete, since
 * a client acts on the whole call. Log-probabilities are left out: they would not fit a text that was held back or changed.
 */
export function createChoiceGuard(means: Means, index: number) {
  let isBlocked = false;
  const block = () => {
    isBlocked = true;
  };
  const path = `choices.${index}`;
  const texts = createTexts(means, block);
  const calls = createHeldCalls(means, { path, block });
  const lookAtMedia = createMediaLook(means, { path, block });
  return {
    isBlocked: () => isBlocked,
    read(delta: Delta): DeltaPair[] {
      const { tool_calls: pieces, function_call: legacy, ...rest } = withoutTexts(delta);
      lookAtMedia(rest);
      calls.add(pieces, legacy);
      const pairs = isBlocked ? [] : texts.read(delta);
      return Object.keys(rest).length > 0 ? [same(rest), ...pairs] : pairs;
    },
    /** Before a delta is read or the end: waits for the detectors that answer later. Null if nothing must wait. */
    ready: (next: Delta | null) =>
      isBlocked ? null : allOf([texts.settle(next), next === null ? calls.settle() : null]),
    /** The rest of the text, and the tool calls. */
    finish(): DeltaPair[] {
      const rest = isBlocked ? [] : texts.end();
      const released = isBlocked ? [] : calls.release();
      return isBlocked ? rest : [...rest, ...released];
    },
    report: () => texts.report(path),
  };
}
export type ChoiceGuard = ReturnType<typeof createChoiceGuard>;

function allOf(waiting: readonly (Promise<unknown> | null)[]): Promise<unknown> | null {
  const running = waiting.filter((one) => one !== null);
  return running.length === 0 ? null : Promise.all(running);
}

const TEXTS = new Set(["content", "reasoning_content", "reasoning", "reasoning_details", "refusal"]);
const withoutTexts = (delta: Delta): Delta =>
  Object.fromEntries(Object.entries(delta).filter(([name]) => !TEXTS.has(name)));

type Piece = { readonly stored: string; readonly shown: string };

const same = (delta: Delta): DeltaPair => ({ stored: delta, shown: delta });
const pairOf = (channel: Channel, { stored, shown }: Piece): DeltaPair[] =>
  stored === "" && shown === ""
    ? []
    : [{ stored: stored === "" ? {} : { [channel]: stored }, shown: shown === "" ? {} : { [channel]: shown } }];

/** Pictures and sounds are not scanned. One verdict counts for all of them. */
function createMediaLook(means: Means, { path, block }: AtChoice) {
  let hasLooked = false;
  return ({ images, audio }: Delta): void => {
    if (hasLooked || (images === undefined && audio === undefined)) return;
    hasLooked = true;
    judgingVisitor(means, block).unknown({ trust: "output", path });
  };
}

/** The texts of a choice. */
function createTexts(means: Means, block: () => void) {
  const guards = createTextGuards(means);
  const { say, end, current, settle } = createSpeech(guards, block);

  /** Signed reasoning is sent after its text, unless a guard changed the text. */
  function sign(delta: Delta): DeltaPair[] {
    const signed = signedOf(delta);
    if (signed.length === 0) return [];
    const before = current() === "reasoning_content" ? end() : [];
    return guards.of("reasoning_content").isChanged() ? before : [...before, same({ reasoning_details: signed })];
  }

  return {
    end,
    settle(next: Delta | null): Promise<void> | null {
      if (next === null) return settle(null);
      const isSigned = current() === "reasoning_content" && thoughtsOf(next) === "" && signedOf(next).length > 0;
      const channel = channelOf(next);
      return isSigned || channel !== null ? settle(isSigned ? null : channel) : null;
    },
    read: (delta: Delta): DeltaPair[] => [
      ...say("reasoning_content", thoughtsOf(delta)),
      ...sign(delta),
      ...say("content", textOf(delta.content)),
      ...say("refusal", textOf(delta.refusal)),
    ],
    report: guards.report,
  };
}

/** A text that begins after another one ends the other one. */
function createSpeech(guards: ReturnType<typeof createTextGuards>, block: () => void) {
  let current: Channel | null = null;

  function end(): DeltaPair[] {
    if (current === null) return [];
    const guard = guards.of(current);
    const rest = guard.flush();
    if (guard.isBlocked()) block();
    return pairOf(current, rest);
  }
  function say(channel: Channel, text: string): DeltaPair[] {
    if (text === "") return [];
    const before = current === channel ? [] : end();
    if (current !== null && guards.of(current).isBlocked()) return before;
    current = channel;
    const guard = guards.of(channel);
    const piece = guard.push(text);
    if (guard.isBlocked()) block();
    return [...before, ...pairOf(channel, piece)];
  }
  /** A text that another one ends, or that has ended, is judged by the detectors that answer later. */
  const settle = (next: Channel | null): Promise<void> | null =>
    current === null || next === current ? null : guards.of(current).settle();
  return { say, end, current: () => current, settle };
}

/** The text that a delta with one text goes on with. */
const channelOf = (delta: Delta): Channel | null => {
  if (thoughtsOf(delta) !== "") return "reasoning_content";
  if (textOf(delta.content) !== "") return "content";
  return textOf(delta.refusal) !== "" ? "refusal" : null;
};

/** A delta with several texts as deltas with one text each, in the order in which they are read. */
export function oneByOne(delta: Delta): readonly Delta[] {
  const { content, refusal, ...rest } = delta;
  const parts: Delta[] = Object.keys(rest).length > 0 ? [rest] : [];
  if (textOf(content) !== "") parts.push({ content } as Delta);
  if (textOf(refusal) !== "") parts.push({ refusal } as Delta);
  return parts.length > 1 ? parts : [delta];
}

const signedOf = (delta: Delta) =>
  detailsOf(delta).filter((detail) => textOf(detail.signature) !== "" || textOf(detail.data) !== "");

function createTextGuards(means: Means) {
  const guards = new Map<Channel, ReturnType<typeof createTextGuard>>();
  return {
    of(channel: Channel) {
      const existing = guards.get(channel);
      if (existing) return existing;
      const created = createTextGuard(means, channel);
      guards.set(channel, created);
      return created;
    },
    report(path: string): void {
      for (const [channel, guard] of guards)
        means.record.add(guard.verdict(), { trust: "output", path: `${path}.${channel}` });
    },
  };
}

/** One text: the guard, and after it the values instead of placeholders. */
function createTextGuard({ judging, restore }: Means, channel: Channel) {
  const call = judging.call && channel === "content" ? answering(judging.call) : judging.call;
  const guard = createStreamGuard({ ...judging, ...(call && { call }), trust: "output" });
  const restorer = createRestorer({ restore });
  const restored = (stored: string, isEnd: boolean): Piece => ({
    stored,
    shown: restorer.push(stored) + (isEnd ? restorer.flush() : ""),
  });
  return {
    push: (text: string) => restored(guard.push(text), false),
    flush: () => restored(guard.flush(), true),
    settle: guard.settle,
    isBlocked: guard.isBlocked,
    isChanged: () => guard.verdict().findings.some(({ action }) => action === "mask" || action === "redact"),
    verdict: guard.verdict,
  };
}
