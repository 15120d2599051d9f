import type { GuardExample, GuardRule } from "@treadle/contract";
import {
  type Action,
  type CallFacts,
  createMasks,
  judgeText,
  judgeUnknown,
  type NotScanned,
  type Policy,
  strongest,
  type Verdict,
} from "@treadle/guards";
import { type GuardRegistry, type Place, readStoredTexts, type StoredContent, toPolicy } from "../guards/index.ts";
import type { StoredCall } from "./stored-call.ts";

/** What the rules would have done to a call. */
export type CallVerdict = {
  readonly action: Action | "allow";
  readonly texts: number;
  readonly language: string;
  /** By rule and kind. */
  readonly found: readonly { readonly rule: number; readonly kind: string; readonly count: number }[];
  /** The first findings of each rule. */
  readonly examples: readonly GuardExample[];
  /** By rule and reason. */
  readonly missed: readonly { readonly rule: number; readonly reason: NotScanned; readonly texts: number }[];
  /** The texts that at least one rule did not scan, by the first reason. */
  readonly notScanned: Readonly<Partial<Record<NotScanned, number>>>;
};
export type JudgeOrder = { readonly rules: readonly GuardRule[]; readonly calls: readonly StoredCall[] };
/** Judges calls elsewhere, such as in a thread. */
export type JudgeCalls = (order: JudgeOrder) => Promise<readonly CallVerdict[]>;

export type JudgeTools = {
  readonly registry: GuardRegistry;
  /** The language of a text; `und` if it is unknown. */
  readonly languageOf: (text: string) => Promise<string>;
};

/** So many findings of a rule are shown of one call, so that the examples are of several calls. */
const MOST_EXAMPLES = 5;
/** So many characters tell a language. */
const LANGUAGE_CHARACTERS = 4_000;
const UNKNOWN_LANGUAGE = "und";

/** Judges stored calls. Each is a JSON text until it is judged, so that reading it is a part of the work. */
export async function judgeCalls({ rules, calls }: JudgeOrder, { registry, languageOf }: JudgeTools) {
  const policy = toPolicy(rules, registry);
  const verdicts: CallVerdict[] = [];
  for (const call of calls) {
    const content = { input: parse(call.input), output: parse(call.output) };
    const texts = readTexts(content);
    const verdict = judgeOne(call, { texts, policy, registry });
    verdicts.push({ ...verdict, language: await languageOfTexts(texts, languageOf) });
  }
  return verdicts;
}

const parse = (json: string): unknown => (json === "" ? null : JSON.parse(json));

/** A text at its place; null for content that is no text. */
type FoundText = Place & { readonly text: string | null };

function readTexts(content: StoredContent): FoundText[] {
  const texts: FoundText[] = [];
  readStoredTexts(content, {
    text(text, at) {
      texts.push({ ...at, text });
      return text;
    },
    unknown: (at) => void texts.push({ ...at, text: null }),
  });
  return texts;
}

async function languageOfTexts(texts: readonly FoundText[], languageOf: JudgeTools["languageOf"]): Promise<string> {
  const own = texts.filter(({ trust }) => trust === "user");
  const sample = (own.length > 0 ? own : texts)
    .map(({ text }) => (text ?? "").slice(0, LANGUAGE_CHARACTERS))
    .join("\n")
    .slice(0, LANGUAGE_CHARACTERS);
  return sample.trim() === "" ? UNKNOWN_LANGUAGE : languageOf(sample);
}

type Judging = { readonly texts: readonly FoundText[]; readonly policy: Policy; readonly registry: GuardRegistry };

function judgeOne(call: StoredCall, { texts, policy, registry }: Judging): Omit<CallVerdict, "language"> {
  const summary = createSummary(call);
  const judging = { policy, ...registry, late: undefined, call: factsOf(texts), masks: createMasks(), now: () => 0 };
  for (const at of texts) {
    const shared = { ...judging, trust: at.trust };
    summary.add(at.text === null ? judgeUnknown(shared) : judgeText(at.text, shared), at);
  }
  return { ...summary.toVerdict(), texts: texts.length };
}

const factsOf = (texts: readonly FoundText[]): CallFacts => ({
  systemPrompt: texts.flatMap(({ trust, text }) => (trust === "system" && text !== null ? [text] : [])).join("\n"),
});

function createSummary({ traceId, spanId }: StoredCall) {
  const found = createCounts<{ readonly rule: number; readonly kind: string }>();
  const missed = createCounts<{ readonly rule: number; readonly reason: NotScanned }>();
  const notScanned: Partial<Record<NotScanned, number>> = {};
  const examples: GuardExample[] = [];
  const shown = new Map<number, number>();
  let action: Action | "allow" = "allow";
  return {
    add(verdict: Verdict, { trust: source, path }: Place): void {
      action = strongest([action, verdict.action]);
      for (const finding of verdict.findings) {
        const { rule, kind } = finding;
        found.add({ rule, kind });
        const count = shown.get(rule) ?? 0;
        shown.set(rule, count + 1);
        if (count < MOST_EXAMPLES) examples.push({ ...finding, traceId, spanId, source, path });
      }
      for (const { rule, reason } of verdict.unscanned) missed.add({ rule, reason });
      if (verdict.notScanned !== null) notScanned[verdict.notScanned] = (notScanned[verdict.notScanned] ?? 0) + 1;
    },
    toVerdict: () => ({
      action,
      examples,
      notScanned,
      found: found.list(),
      missed: missed.list().map(({ count: texts, ...rest }) => ({ ...rest, texts })),
    }),
  };
}

function createCounts<Key extends object>() {
  const counts = new Map<string, Key & { count: number }>();
  return {
    add(key: Key): void {
      const id = JSON.stringify(key);
      const entry = counts.get(id);
      if (entry) entry.count++;
      else counts.set(id, { ...key, count: 1 });
    },
    list: () => [...counts.values()],
  };
}
