import type { CallFacts, Detector } from "../detector.ts";
import type { PreparedText } from "../prepared-text.ts";
import type { Masks } from "./masks.ts";
import { actionUnder, type NotScanned, type Policy, type Possible, type Rule, type Trust } from "./policy.ts";
import type { JudgedFinding, Unscanned } from "./verdict.ts";

export type Detectors = ReadonlyMap<string, Detector<unknown>>;

/** What a judgement needs besides the text. */
export type Judging = {
  readonly trust: Trust;
  readonly policy: Policy;
  readonly detectors: Detectors;
  readonly prepare: (text: string) => PreparedText;
  /** What detectors may know of the call. Without it nothing is known. */
  readonly call?: CallFacts;
  /** The actions that are possible besides those on the text. None if nothing is given. */
  readonly possible?: Possible;
  readonly masks: Pick<Masks, "placeholderOf">;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
};

/** A rule that applies to a text, with its detector; undefined for one that does not exist. */
export type ActiveRule = {
  readonly place: number;
  readonly rule: Rule;
  readonly detector: Detector<unknown> | undefined;
};

/** Longer texts are not scanned while a caller waits. */
export const MOST_CHARACTERS = 100_000;

export const activeRules = ({ policy, trust, detectors }: Omit<Judging, "prepare">): readonly ActiveRule[] =>
  policy.rules.flatMap((rule, place) => {
    const detector = detectors.get(rule.detector);
    const isRead = rule.scopes.includes(trust) && (detector?.reads?.includes(trust) ?? true);
    return isRead ? [{ place, rule, detector }] : [];
  });

/** Prepares a text once for all rules. */
export function preparedOnce(prepare: Judging["prepare"]): Judging["prepare"] {
  let last: PreparedText | null = null;
  return (text) => {
    if (last === null || last.text !== text) last = prepare(text);
    return last;
  };
}

/** What running a rule needs. */
export type Running = Pick<Judging, "prepare" | "call" | "possible">;
type Reading = Running & { readonly at: number };

/**
 * The findings of a rule in a text that begins at a place of a longer one, or `failed`: the detector threw, or its findings are
 * not places in the text.
 */
export function runRule(
  { place, rule, detector }: ActiveRule,
  text: string,
  { prepare, call, possible = {}, at }: Reading,
): JudgedFinding[] | "failed" {
  if (!detector) return "failed";
  try {
    const findings = detector.find(prepare(text), rule.options, call);
    if (!findings.every(({ start, end, score }) => isPlace(start, end, text) && Number.isFinite(score)))
      return "failed";
    const action = actionUnder(rule, possible);
    return findings
      .filter(({ score }) => score >= rule.threshold)
      .map(({ start, end, ...finding }) => ({
        ...finding,
        start: start + at,
        end: end + at,
        rule: place,
        action,
      }));
  } catch {
    return "failed";
  }
}

export const unscanned = ({ place, rule }: Pick<ActiveRule, "place" | "rule">, reason: NotScanned): Unscanned => ({
  rule: place,
  reason,
  isBlocking: rule.failure[reason] === "closed",
});

const isPlace = (start: number, end: number, text: string) =>
  Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= text.length;
