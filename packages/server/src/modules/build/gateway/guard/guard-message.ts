import { answering, type Judging, judgeCall, judgeText, judgeUnknown } from "@treadle/guards";
import { isRecord } from "../../../../kernel/is-record.ts";
import { mapTexts, type Place, type TextVisitor } from "../../guards/index.ts";
import type { ChatMessage, ChatResponse } from "../formats/hub/hub.ts";
import { thoughtsOf } from "../formats/hub/reasoning.ts";
import type { Adding } from "./guard-record.ts";

/** What the guards of a call judge with. */
export type Means = {
  readonly judging: Omit<Judging, "trust">;
  /** Before the texts of a walk are judged: reads long ones elsewhere, and asks the detectors that answer later. */
  readonly readTexts: (walk: (visitor: TextVisitor) => unknown, isAnswer?: (at: Place) => boolean) => Promise<unknown>;
  readonly record: Adding;
  readonly restore: (text: string) => string;
  /** The policy's own text instead of what is withheld; null for none. */
  readonly refusal: (() => Promise<string>) | null;
};
/** An answer as it is stored, and as the caller sees it: with the values instead of their placeholders. */
export type GuardedResponse = { readonly stored: ChatResponse; readonly shown: ChatResponse };

/** The reader sees this instead of an answer that a guard blocked. */
export const WITHHELD = "The answer was withheld by a guard of this project.";
export const FILTERED = "content_filter";

/** What a choice says, and not its reasoning. */
const ANSWER = /^choices\.\d+\.content(?:\.|$)/;
const isSaid = ({ path }: Place): boolean => ANSWER.test(path);

/** Judges each text, and records the verdicts. `onBlock` is called for each text that is blocked. */
export function judgingVisitor(
  { judging, record }: Pick<Means, "judging" | "record">,
  onBlock: () => void,
): TextVisitor {
  return {
    text(text, at) {
      const call = judging.call && isSaid(at) ? answering(judging.call) : judging.call;
      const verdict = judgeText(text, { ...judging, ...(call && { call }), trust: at.trust });
      record.add(verdict, at);
      if (verdict.action === "block") onBlock();
      return verdict.text;
    },
    unknown(at) {
      const verdict = judgeUnknown({ ...judging, trust: at.trust });
      record.add(verdict, at);
      if (verdict.action === "block") onBlock();
    },
  };
}

const restoringVisitor = (restore: Means["restore"]): TextVisitor => ({ text: restore, unknown: () => undefined });

/** A whole answer under the rules for outputs and tool calls. Both forms are the answer itself if nothing changes. */
export async function guardResponse(response: ChatResponse, means: Means): Promise<GuardedResponse> {
  const walk = (visitor: TextVisitor) =>
    mapChoices(response, (choice) => {
      mapOne(withThoughts(choice.message), visitor, `choices.${choice.index}`);
      return choice;
    });
  await means.readTexts(walk, isSaid);
  const judged = mapChoices(response, (choice) => guardChoice(choice, means));
  const stored = means.refusal && judged.choices.some(isWithheld) ? refuse(judged, await means.refusal()) : judged;
  const visitor = restoringVisitor(means.restore);
  const shown = mapChoices(stored, (choice) => {
    const message = mapOne(choice.message, visitor, `choices.${choice.index}`);
    return message === choice.message ? choice : { ...choice, message };
  });
  return { stored, shown };
}

type Choice = ChatResponse["choices"][number];

function mapChoices(response: ChatResponse, change: (choice: Choice) => Choice): ChatResponse {
  const choices = response.choices.map(change);
  return choices.some((choice, place) => choice !== response.choices[place]) ? { ...response, choices } : response;
}

function guardChoice({ logprobs, ...choice }: Choice, means: Means): Choice {
  const original = logprobs === undefined ? choice : { ...choice, logprobs };
  let isBlocked = false;
  const block = () => {
    isBlocked = true;
  };
  const visitor = judgingVisitor(means, block);
  const path = `choices.${choice.index}`;
  const whole = withThoughts(choice.message);
  const message = mapOne(whole, visitor, path);
  judgeCalls(choice.message, means, { path, onBlock: block });
  if (isRecord(message.audio) || message.images) visitor.unknown({ trust: "output", path });
  if (isBlocked) return { index: choice.index, message: withheld(), finish_reason: FILTERED };
  if (message === whole) return originalOf(original);
  return { ...choice, message: message.reasoning_content === whole.reasoning_content ? message : unsigned(message) };
}

/** The calls of tools in a message, as calls. Their texts are read like other texts. */
export function judgeCalls(
  { tool_calls: calls = [], function_call: legacy }: LooseMessage,
  { judging, record }: Pick<Means, "judging" | "record">,
  { path, onBlock }: { readonly path: string; readonly onBlock: () => void },
): void {
  const places = calls.map(({ function: called }, place) => ({ called, at: `${path}.tool_calls.${place}` }));
  if (isRecord(legacy)) places.push({ called: legacy, at: `${path}.function_call` });
  for (const { called, at } of judging.calls ? places : []) {
    const verdict = judgeCall({ name: called.name ?? "", arguments: called.arguments ?? "" }, judging);
    record.add(verdict, { trust: "tool-arguments", path: at });
    if (verdict.action === "block") onBlock();
  }
}

const originalOf = (choice: Choice): Choice => choice;

const withheld = (): ChatMessage => ({ role: "assistant", content: "", refusal: WITHHELD });

const isWithheld = ({ message, finish_reason: finish }: Choice) => finish === FILTERED && message.refusal === WITHHELD;

/** Clients show the content of an answer, and not all of them its refusal. */
const refuse = (response: ChatResponse, content: string): ChatResponse =>
  mapChoices(response, (choice) =>
    isWithheld(choice) ? { ...choice, message: { role: "assistant", content } } : choice,
  );

/** Reasoning that is only in its signed details is read as text too. */
function withThoughts(message: LooseMessage): LooseMessage {
  const words = thoughtsOf(message);
  return words === "" || message.reasoning_content ? message : { ...message, reasoning_content: words };
}

/** A signature does not fit a text that was changed. */
function unsigned({ reasoning_details: _, ...message }: ChatMessage): ChatMessage {
  return message;
}

type LooseMessage = ChatMessage & {
  readonly audio?: unknown;
  readonly function_call?: { readonly name?: string; readonly arguments?: string };
};

function mapOne(message: LooseMessage, visitor: TextVisitor, path: string): LooseMessage {
  const within: TextVisitor = {
    text: (text, at) => visitor.text(text, inChoice(at, path)),
    unknown: (at) => visitor.unknown(inChoice(at, path)),
  };
  const asked = { messages: [{ ...message, role: "assistant" }] };
  const changed = mapTexts("chat", asked, within);
  return changed === asked ? message : { ...(changed.messages[0] as LooseMessage), role: message.role };
}

/** The reader of requests calls the place `messages.0`. */
const inChoice = ({ trust, path }: Place, choice: string): Place => ({
  trust,
  path: path.replace(/^messages\.0/, choice),
});
