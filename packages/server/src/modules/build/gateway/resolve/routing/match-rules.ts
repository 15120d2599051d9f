import type { RoutingRule, RuleCondition } from "@treadle/contract";
import type { RequestFacts } from "./request-facts.ts";

/** ISO 639 code of a text, with a confidence from 0 to 1. */
export type DetectLanguage = (text: string) => Promise<{ readonly language: string; readonly confidence: number }>;

/** Below this, a rule about the language does not match. */
const LEAST_CONFIDENCE = 0.5;

/** The first rule whose conditions are all true of the request; null for none. The language is detected only if a rule needs it. */
export async function matchRule(
  rules: readonly RoutingRule[],
  facts: RequestFacts,
  detectLanguage: DetectLanguage,
): Promise<RoutingRule | null> {
  let language: Promise<string> | null = null;
  const readLanguage = () => (language ??= languageOf(facts, detectLanguage));
  for (const rule of rules) if (await isMatch(rule, facts, readLanguage)) return rule;
  return null;
}

async function isMatch({ when }: RoutingRule, facts: RequestFacts, readLanguage: () => Promise<string>) {
  const isPlainMatch = when.every((condition) => condition.fact === "language" || isTrue(condition, facts));
  if (!isPlainMatch) return false;
  for (const condition of when)
    if (condition.fact === "language" && (await readLanguage()) !== condition.value) return false;
  return true;
}

function isTrue(condition: Exclude<RuleCondition, { fact: "language" }>, facts: RequestFacts): boolean {
  switch (condition.fact) {
    case "tag":
      return facts.tags.includes(condition.value);
    case "user":
      return facts.user === condition.value;
    case "header": {
      const value = facts.header(condition.name);
      return value !== undefined && (condition.value === null || value.trim() === condition.value.trim());
    }
    case "length": {
      const tokens = facts.inputTokens();
      return tokens >= (condition.min ?? 0) && tokens <= (condition.max ?? Number.POSITIVE_INFINITY);
    }
    default:
      throw new Error(`no such condition: ${condition satisfies never}`);
  }
}

/** Empty for a text whose language is not certain. */
async function languageOf(facts: RequestFacts, detectLanguage: DetectLanguage): Promise<string> {
  const text = facts.lastUserText();
  if (text === "") return "";
  const { language, confidence } = await detectLanguage(text);
  return confidence >= LEAST_CONFIDENCE ? language : "";
}
