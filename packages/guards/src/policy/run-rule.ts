import type { CallFacts, Detector } from "../detector.ts";
import type { Finding } from "../finding.ts";
import type { PreparedText } from "../prepared-text.ts";
import type { Ahead } from "./ahead.ts";
import type { LateChecks } from "./late.ts";
import type { Masks } from "./masks.ts";
import {
  type Action,
  actionUnder,
  type NotScanned,
  type Policy,
  type Possible,
  type Rule,
  type Trust,
} from "./policy.ts";
import type { RuleRead, RuleTimes } from "./rule-times.ts";
import type { CallDetectors } from "./tool-call.ts";
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
  /** Detectors that answer later. A text must have been asked about before it is judged. */
  readonly late?: LateChecks | undefined;
  /** Texts that were read beforehand. They are not read again. */
  readonly ahead?: Ahead | undefined;
  /** Detectors of calls of tools. They read no texts. */
  readonly calls?: CallDetectors | undefined;
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

export const activeRules = ({
  policy,
  trust,
  detectors,
  late,
  calls,
}: Pick<Judging, "policy" | "trust" | "detectors" | "late" | "calls">): readonly ActiveRule[] =>
  policy.rules.flatMap((rule, place) => {
    const detector = detectors.get(rule.detector);
    if (late?.has(rule.detector) || calls?.has(rule.detector)) return [];
    const isRead = rule.scopes.includes(trust) && (detector?.reads?.includes(trust) ?? true);
    return isRead ? [{ place, rule, detector }] : [];
  });

/** The rules that apply to a text and whose detectors answer later. */
export const lateRules = ({ policy, trust, late }: Pick<Judging, "policy" | "trust" | "late">): readonly ActiveRule[] =>
  policy.rules.flatMap((rule, place) =>
    late?.has(rule.detector) && rule.scopes.includes(trust) ? [{ place, rule, detector: undefined }] : [],
  );

/** A repair takes the place of what these actions would do. */
const CHANGING: ReadonlySet<Action> = new Set(["mask", "redact", "reask", "block"]);

type LateReading = Pick<Judging, "policy" | "trust" | "late" | "possible">;

/** When detectors that answer later were asked about a text. */
export const lateReads = (text: string, { late, trust }: LateReading): readonly RuleRead[] =>
  (late?.answersOf(text, trust) ?? []).map(({ rule, from, to }) => ({ rule, from, to, ms: to - from }));

/** What detectors that answer later found in a whole text. A text that was not asked about was not scanned. */
export function lateResults(text: string, judging: LateReading): (readonly JudgedFinding[] | Unscanned)[] {
  const rules = text === "" ? [] : lateRules(judging);
  const answers = rules.length === 0 ? [] : judging.late?.answersOf(text, judging.trust);
  return rules.map((active) => {
    const { place, rule } = active;
    const answer = answers?.find((one) => one.rule === place);
    if (!answer || "reason" in answer) return unscanned(active, answer?.reason ?? "failed");
    const action = actionUnder(rule, judging.possible ?? {});
    const span = { rule: place, detector: rule.detector, start: 0, end: text.length, view: "text" as const };
    return answer.findings.map((finding) => ({ ...span, ...finding, action }));
  });
}

/** Prepares a text once for all rules. */
export function preparedOnce(prepare: Judging["prepare"]): Judging["prepare"] {
  let last: PreparedText | null = null;
  return (text) => {
    if (last === null || last.text !== text) last = prepare(text);
    return last;
  };
}

/** What running a rule needs. */
export type Running = Pick<Judging, "prepare" | "call" | "possible"> & {
  /** Measures the rules. */
  readonly times?: RuleTimes;
};
type Reading = Running & {
  readonly at: number;
  /** Whether the text has no other form: its normalized text is the same, and nothing is encoded in it. */
  readonly isPlain?: boolean;
};

/**
 * What the detector of a rule finds in a text, before the rule's threshold and action. `failed`: it threw, or its findings are not
 * places in the text.
 */
export function runDetector(
  { rule, detector }: ActiveRule,
  text: string,
  { prepare, call, isPlain = false }: Pick<Reading, "prepare" | "call" | "isPlain">,
): readonly Finding[] | "failed" {
  if (!detector) return "failed";
  try {
    if (isPlain && detector.mayFind?.(text, rule.options) === false) return [];
    const findings = detector.find(prepare(text), rule.options, call);
    const isSound = findings.every(({ start, end, score }) => isPlace(start, end, text) && Number.isFinite(score));
    return isSound ? findings : "failed";
  } catch {
    return "failed";
  }
}

/** The findings that count under a rule, in a text that begins at a place of a longer one. */
export function applyRule(
  { place, rule }: ActiveRule,
  findings: readonly Finding[],
  { possible = {}, at }: Pick<Reading, "possible" | "at">,
): JudgedFinding[] {
  const action = actionUnder(rule, possible);
  return findings
    .filter(({ score }) => score >= rule.threshold)
    .map(({ start, end, ...finding }) => ({
      ...finding,
      start: start + at,
      end: end + at,
      rule: place,
      action: finding.replacement === undefined || !CHANGING.has(action) ? action : "redact",
    }));
}

/** The findings of a rule in a text that begins at a place of a longer one. */
export function runRule(active: ActiveRule, text: string, reading: Reading): JudgedFinding[] | "failed" {
  const run = () => runDetector(active, text, reading);
  const findings = reading.times ? reading.times.run(active.place, run) : run();
  return findings === "failed" ? findings : applyRule(active, findings, reading);
}

export const unscanned = ({ place, rule }: Pick<ActiveRule, "place" | "rule">, reason: NotScanned): Unscanned => ({
  rule: place,
  reason,
  isBlocking: rule.failure[reason] === "closed",
});

const isPlace = (start: number, end: number, text: string) =>
  Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= text.length;
