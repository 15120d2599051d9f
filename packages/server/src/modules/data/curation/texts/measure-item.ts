import { hash } from "node:crypto";
import type { Item } from "@treadle/contract";
import { countListedWords, findPrivate, PRIVATE_GROUPS } from "@treadle/guards";
import { isRecord } from "../../../../kernel/is-record.ts";
import { answerParts, promptParts, type TextPart, textOf } from "../items/item-text.ts";
import { messagesOf } from "../items/messages.ts";
import { findBroken, NAMES_OF_CHECKS } from "../rules/conversation.ts";
import { detectLanguage } from "../rules/detect-language.ts";
import { firstBroken, measureText, PRESETS } from "../rules/measures.ts";
import { takeApart } from "../rules/words.ts";
import type { Tokenizer } from "./count-tokens.ts";

/** The measurements of one item for a report, from which its text cannot be reconstructed. */
export type ItemFacts = {
  readonly shape: string;
  readonly bytes: number;
  readonly inputCharacters: number;
  readonly expectedCharacters: number;
  /** Null if it is not a conversation. */
  readonly turns: number | null;
  readonly language: string;
  /** Findings by kind. */
  readonly private: Readonly<Record<string, number>>;
  readonly toxic: readonly string[];
  /** The first rule of quality it breaks, or an empty text. */
  readonly broken: string;
  /** The class, when what is expected is a short text; otherwise null. */
  readonly label: string | null;
  /** 48 bits of the hashes of its text, its input and what is expected. */
  readonly textMark: number;
  readonly inputMark: number;
  readonly expectedMark: number;
  /** By tokenizer, the tokens of the prompt, of the answer, and of each role. */
  readonly tokens: Readonly<Partial<Record<Tokenizer, TokenFacts>>>;
};
export type TokenFacts = {
  readonly input: number;
  readonly output: number;
  readonly byRole: Readonly<Record<string, number>>;
};

const ALL_GROUPS = new Set(PRIVATE_GROUPS);
const SHORT_LABEL = 80;
const MIN_CONFIDENCE = 0.65;
const MIN_CHARACTERS = 20;

export async function measureItem(
  item: Item,
  counters: ReadonlyMap<Tokenizer, (text: string) => number>,
): Promise<ItemFacts> {
  const input = textOf(item, "prompt");
  const output = textOf(item, "answer");
  const text = `${input}\n${output}`;
  const { language, confidence } = await detectLanguage(text);
  const messages = messagesOf(item);
  const parts = { prompt: promptParts(item), answer: answerParts(item) };
  return {
    shape: shapeOf(item),
    bytes: Buffer.byteLength(JSON.stringify(item)),
    inputCharacters: input.length,
    expectedCharacters: output.length,
    turns: messages ? messages.length : null,
    language: confidence >= MIN_CONFIDENCE && text.length >= MIN_CHARACTERS ? language : "und",
    private: countPrivate(item),
    toxic: [...countListedWords(text).keys()],
    broken: (messages && findBroken(messages, NAMES_OF_CHECKS)) ?? brokenRule(text),
    label: typeof item.expected === "string" && item.expected.length <= SHORT_LABEL ? item.expected : null,
    textMark: markOf(normal(text)),
    inputMark: markOf(normal(input)),
    expectedMark: markOf(normal(output)),
    tokens: Object.fromEntries([...counters].map(([name, count]) => [name, countTokens(parts, count)])),
  };
}

/** The kind of example. */
function shapeOf({ inputs, expected }: Item): string {
  if (isRecord(expected) && Array.isArray(expected.chosen)) return "preference";
  if (isRecord(expected) && Array.isArray(expected.completion)) return "rated answer";
  if (Array.isArray(inputs.messages)) return expected === null ? "chat without answer" : "chat";
  return expected === null ? "input only" : "pair";
}

function countPrivate(item: Item): Record<string, number> {
  const counts: Record<string, number> = {};
  const text = `${stringsOf(item.inputs)}\n${stringsOf(item.expected)}\n${stringsOf(item.metadata)}`;
  for (const { pattern } of findPrivate(text, ALL_GROUPS)) counts[pattern.kind] = (counts[pattern.kind] ?? 0) + 1;
  return counts;
}

/** Every string of a value, a line each. */
function stringsOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(stringsOf).join("\n");
  return isRecord(value) ? Object.values(value).map(stringsOf).join("\n") : "";
}

const brokenRule = (text: string): string =>
  firstBroken(measureText(takeApart(text), PRESETS.chat.limits), PRESETS.chat.limits)?.rule ?? "";

const normal = (text: string): string => text.normalize("NFC").toLowerCase().replaceAll(/\s+/g, " ").trim();
const markOf = (text: string): number => Number.parseInt(hash("sha256", text).slice(0, 12), 16);

function countTokens(
  { prompt, answer }: { prompt: readonly TextPart[]; answer: readonly TextPart[] },
  count: (text: string) => number,
): TokenFacts {
  const byRole = new Map<string, number>();
  const sum = (parts: readonly TextPart[]) =>
    parts.reduce((total, { role, text }) => {
      const tokens = count(text);
      byRole.set(role, (byRole.get(role) ?? 0) + tokens);
      return total + tokens;
    }, 0);
  return { input: sum(prompt), output: sum(answer), byRole: Object.fromEntries(byRole) };
}
