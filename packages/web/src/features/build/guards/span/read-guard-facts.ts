import { ACTION_WORDS, OUTCOME_WORDS, REASON_WORDS, type Reason, trustLabel } from "../shared/guard-words.ts";
import type { Action, CheckedText } from "../shared/use-guards.ts";

export const GUARD_PREFIX = "treadle.guard.";

type Attributes = Readonly<Record<string, unknown>>;

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
  const policyId = attributes[`${GUARD_PREFIX}policy`];
  if (typeof policyId !== "string") return undefined;
  const action = attributes[`${GUARD_PREFIX}action`];
  return {
    policyId,
    version: numberIn(attributes[`${GUARD_PREFIX}version`]),
    action: typeof action === "string" && isOutcome(action) ? action : "allow",
    findings: findingsIn(recordsIn(attributes[`${GUARD_PREFIX}findings`])),
    missed: missedIn(recordsIn(attributes[`${GUARD_PREFIX}not_scanned`])),
    ms: numberIn(attributes[`${GUARD_PREFIX}ms`]),
  };
}

/** The attributes without those of guards, which have a section. */
export const withoutGuardFacts = (attributes: Attributes): Attributes =>
  readGuardFacts(attributes) === undefined
    ? attributes
    : Object.fromEntries(Object.entries(attributes).filter(([name]) => !name.startsWith(GUARD_PREFIX)));

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
