import { type Action, type NotScanned, type StreamVerdict, strongest } from "@treadle/guards";
import { AppError } from "../../../../kernel/errors.ts";
import type { ActivePolicy, Place } from "../../guards/index.ts";

/** The findings of one rule and kind in one text. Offsets are places in the text as it arrived, and never its content. */
type Found = Place & {
  readonly rule: number;
  readonly detector: string;
  readonly kind: string;
  readonly action: Action;
  readonly view: string;
  count: number;
  score: number;
  readonly offsets: (readonly [start: number, end: number])[];
};
type Missed = Place & { readonly rule: number; readonly reason: NotScanned };

const MOST_ENTRIES = 100;
const MOST_OFFSETS = 50;

/** What the guards of a call found, for its span. */
export function createGuardRecord(policy: Pick<ActivePolicy, "policyId" | "version">) {
  const found = createFoundList();
  const missed: Missed[] = [];
  let action: Action | "allow" = "allow";
  let ms = 0;
  return {
    add(verdict: StreamVerdict, place: Place): void {
      action = strongest([action, verdict.action]);
      ms += verdict.ms;
      for (const finding of verdict.findings) found.add(finding, place);
      for (const { rule, reason } of verdict.unscanned)
        if (missed.length < MOST_ENTRIES) missed.push({ ...place, rule, reason });
    },
    isBlocked: () => action === "block",
    found: found.list,
    attributes: (): Readonly<Record<string, unknown>> => ({
      "treadle.guard.policy": policy.policyId,
      "treadle.guard.version": policy.version,
      "treadle.guard.action": action,
      "treadle.guard.ms": Math.round(ms * 1_000) / 1_000,
      ...(found.size() > 0 && { "treadle.guard.findings": found.list() }),
      ...(missed.length > 0 && { "treadle.guard.not_scanned": missed }),
    }),
    toError: () => blockedError(policy, found.list(), missed),
  };
}
export type GuardRecord = ReturnType<typeof createGuardRecord>;

/** Verdicts on an answer that may not be the one that counts. */
export function createDraftRecord() {
  const added: (readonly [StreamVerdict, Place])[] = [];
  return {
    add(verdict: StreamVerdict, place: Place): void {
      added.push([verdict, place]);
    },
    action: () => strongest(added.map(([{ action }]) => action)),
    /** The kinds of the findings with an action. */
    kindsOf: (wanted: Action) =>
      kindsOf(
        added.flatMap(([{ findings }]) => findings),
        wanted,
      ),
    moveTo(record: Pick<GuardRecord, "add">): void {
      for (const [verdict, place] of added) record.add(verdict, place);
    },
  };
}

const kindsOf = (found: readonly Pick<Found, "action" | "kind">[], wanted: Action): readonly string[] => [
  ...new Set(found.filter(({ action }) => action === wanted).map(({ kind }) => kind)),
];

/** Findings by rule, kind, view and text. */
function createFoundList() {
  const entries = new Map<string, Found>();
  return {
    size: () => entries.size,
    list: (): readonly Found[] => [...entries.values()],
    add({ start, end, score, ...finding }: StreamVerdict["findings"][number], place: Place): void {
      const { rule, detector, kind, view, action } = finding;
      const key = `${rule} ${kind} ${view} ${place.path}`;
      const existing = entries.get(key);
      if (!existing && entries.size >= MOST_ENTRIES) return;
      const entry = existing ?? { ...place, rule, detector, kind, action, view, count: 0, score, offsets: [] };
      entry.count++;
      entry.score = Math.max(entry.score, score);
      if (entry.offsets.length < MOST_OFFSETS) entry.offsets.push([start, end]);
      entries.set(key, entry);
    },
  };
}

/** The error for a request that is blocked. It names kinds, and never values. */
function blockedError(
  { policyId, version }: Pick<ActivePolicy, "policyId" | "version">,
  found: readonly Found[],
  missed: readonly Missed[],
): AppError {
  const kinds = kindsOf(found, "block");
  const reasons = [...new Set(missed.map(({ reason }) => reason))];
  const why =
    kinds.length > 0 ? `it contains: ${kinds.join(", ")}` : `a part of it was not scanned: ${reasons.join(", ")}`;
  return new AppError("content_filter", {
    message: `A guard of this project rejected the request, because ${why}. Remove that part and send the request again.`,
    details: { policyId, version, kinds, ...(reasons.length > 0 && { notScanned: reasons }) },
  });
}
