import { ACTION_WORDS, OUTCOME_WORDS, REASON_WORDS, type Reason, trustLabel } from "../shared/guard-words.ts";
import type { Action, CheckedText } from "../shared/use-guards.ts";

export const GUARD_PREFIX = "treadle.guard.";
export const CHECK_PREFIX = "treadle.check";

export type Attributes = Readonly<Record<string, unknown>>;

/** The findings of one rule and kind in a span. */
export type SpanFinding = {
  readonly rule: number;
  readonly detector: string;
  readonly kind: string;
  readonly action: Action;
  readonly count: number;
  readonly score: number;
  readonly views: readonly string[];
  readonly places: readonly string[];
};
export type SpanMiss = { readonly rule: number; readonly reason: string; readonly places: readonly string[] };
export type GuardFacts = {
  readonly policyId: string;
  readonly version: number | null;
  readonly action: CheckedText["action"];
  readonly findings: readonly SpanFinding[];
  readonly missed: readonly SpanMiss[];
  readonly ms: number | null;
};

/** What guards recorded in a span; undefined if there was no guard. Entries of another shape are left out. */
export function readGuardFacts(attributes: Attributes): GuardFacts | undefined {
  const field = (name: string) => attributes[`${GUARD_PREFIX}${name}`];
  return factsOf(field, { findings: recordsIn(field("findings")), missed: recordsIn(field("not_scanned")) });
}

/** What one check recorded in its span; undefined for another span. */
export function readCheckFacts(attributes: Attributes): GuardFacts | undefined {
  const field = (name: string) => attributes[`${CHECK_PREFIX}.${name}`];
  const [rule, detector] = [numberIn(field("rule")), field("detector")];
  if (rule === null || typeof detector !== "string") return undefined;
  const withRule = (records: readonly Attributes[]) => records.map((record) => ({ ...record, rule, detector }));
  return factsOf(field, {
    findings: withRule(recordsIn(field("findings"))),
    missed: withRule(recordsIn(field("not_scanned"))),
  });
}

/** The policy and the outcome of a stage; undefined for another span. */
export function readStageFacts(attributes: Attributes): GuardFacts | undefined {
  const field = (name: string) => attributes[`${CHECK_PREFIX}.${name}`];
  return readStageChecks(attributes) && factsOf(field, { findings: [], missed: [] });
}

type Records = { readonly findings: readonly Attributes[]; readonly missed: readonly Attributes[] };

function factsOf(field: (name: string) => unknown, { findings, missed }: Records): GuardFacts | undefined {
  const policyId = field("policy");
  if (typeof policyId !== "string") return undefined;
  return {
    policyId,
    version: numberIn(field("version")),
    action: outcomeIn(field("action")),
    findings: findingsIn(findings),
    missed: missedIn(missed),
    ms: numberIn(field("ms")),
  };
}

/** A check in the list of its stage. */
export type ListedCheck = {
  readonly rule: number;
  readonly detector: string;
  readonly action: CheckedText["action"];
  readonly texts: number;
  readonly count: number;
  readonly score: number | null;
  readonly threshold: number | null;
  readonly ms: number | null;
  readonly missed: readonly string[];
};

/** The checks of a stage of a call, by the attributes of its span; undefined for another span. */
export function readStageChecks(attributes: Attributes): readonly ListedCheck[] | undefined {
  const list = attributes[`${CHECK_PREFIX}s`];
  if (list === undefined) return undefined;
  return recordsIn(list).flatMap(({ rule, detector, ...check }) => {
    if (typeof rule !== "number" || typeof detector !== "string") return [];
    const missed = Array.isArray(check.not_scanned) ? check.not_scanned.map(textIn) : [];
    const [texts, count] = [numberIn(check.texts) ?? 0, numberIn(check.count) ?? 0];
    const [score, threshold, ms] = [numberIn(check.score), numberIn(check.threshold), numberIn(check.ms)];
    return [{ rule, detector, action: outcomeIn(check.action), texts, count, score, threshold, ms, missed }];
  });
}

const hasSection = (attributes: Attributes): boolean =>
  (readGuardFacts(attributes) ?? readCheckFacts(attributes) ?? readStageChecks(attributes)) !== undefined;

/** The attributes without those of guards, which have a section. */
export const withoutGuardFacts = (attributes: Attributes): Attributes =>
  hasSection(attributes)
    ? Object.fromEntries(
        Object.entries(attributes).filter(([name]) => !name.startsWith(GUARD_PREFIX) && !name.startsWith(CHECK_PREFIX)),
      )
    : attributes;

function findingsIn(records: readonly Attributes[]): SpanFinding[] {
  const groups = new Map<string, SpanFinding>();
  for (const { rule, detector, kind, action, view, count, score, ...place } of records) {
    if (typeof rule !== "number" || typeof kind !== "string" || typeof action !== "string" || !isAction(action))
      continue;
    const key = `${rule} ${kind}`;
    const known = groups.get(key);
    groups.set(key, {
      rule,
      kind,
      action,
      detector: textIn(detector),
      count: (known?.count ?? 0) + (numberIn(count) ?? 1),
      score: Math.max(known?.score ?? 0, numberIn(score) ?? 0),
      views: added(known?.views, textIn(view)),
      places: added(known?.places, placeWords(place)),
    });
  }
  return [...groups.values()].toSorted((one, other) => one.rule - other.rule);
}

function missedIn(records: readonly Attributes[]): SpanMiss[] {
  const groups = new Map<string, SpanMiss>();
  for (const { rule, reason, ...place } of records) {
    if (typeof rule !== "number" || typeof reason !== "string") continue;
    const key = `${rule} ${reason}`;
    groups.set(key, { rule, reason, places: added(groups.get(key)?.places, placeWords(place)) });
  }
  return [...groups.values()].toSorted((one, other) => one.rule - other.rule);
}

/** A place in words, such as `User, messages.0.content`. */
const placeWords = ({ trust, path }: Attributes): string =>
  [trustLabel(textIn(trust)), textIn(path)].filter(Boolean).join(", ");

const added = (list: readonly string[] | undefined, entry: string): readonly string[] =>
  entry === "" ? (list ?? []) : [...new Set([...(list ?? []), entry])];

export const reasonLabel = (reason: string): string =>
  reason in REASON_WORDS ? REASON_WORDS[reason as Reason].label : reason;

const outcomeIn = (value: unknown): CheckedText["action"] =>
  typeof value === "string" && isOutcome(value) ? value : "allow";
const isOutcome = (word: string): word is CheckedText["action"] => word in OUTCOME_WORDS;
const isAction = (word: string): word is Action => word in ACTION_WORDS;
const textIn = (value: unknown): string => (typeof value === "string" ? value : "");
const numberIn = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;

/** A list of records, also one that was stored as JSON in a text. */
function recordsIn(value: unknown): readonly Attributes[] {
  const list = typeof value === "string" ? parsed(value) : value;
  return Array.isArray(list) ? list.filter((entry) => typeof entry === "object" && entry !== null) : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
