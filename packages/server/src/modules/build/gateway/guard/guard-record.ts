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
export function createGuardRecord({ policyId, version }: Pick<ActivePolicy, "policyId" | "version">) {
  const found = new Map<string, Found>();
  const missed: Missed[] = [];
  let action: Action | "allow" = "allow";
  let ms = 0;

  function addFinding(finding: StreamVerdict["findings"][number], place: Place): void {
    const { rule, detector, kind, view, start, end, score } = finding;
    const key = `${rule} ${kind} ${view} ${place.path}`;
    const entry = found.get(key) ?? {
      ...place,
      rule,
      detector,
      kind,
      action: finding.action,
      view,
      count: 0,
      score,
      offsets: [],
    };
    if (entry.count === 0 && found.size >= MOST_ENTRIES) return;
    entry.count++;
    entry.score = Math.max(entry.score, score);
    if (entry.offsets.length < MOST_OFFSETS) entry.offsets.push([start, end]);
    found.set(key, entry);
  }

  return {
    add(verdict: StreamVerdict, place: Place): void {
      action = strongest([action, verdict.action]);
      ms += verdict.ms;
      for (const finding of verdict.findings) addFinding(finding, place);
      for (const { rule, reason } of verdict.unscanned)
        if (missed.length < MOST_ENTRIES) missed.push({ ...place, rule, reason });
    },
    isBlocked: () => action === "block",
    attributes: (): Readonly<Record<string, unknown>> => ({
      "treadle.guard.policy": policyId,
      "treadle.guard.version": version,
      "treadle.guard.action": action,
      "treadle.guard.ms": Math.round(ms * 1_000) / 1_000,
      ...(found.size > 0 && { "treadle.guard.findings": [...found.values()] }),
      ...(missed.length > 0 && { "treadle.guard.not_scanned": missed }),
    }),
    /** The error for a request that is blocked. It names kinds, and never values. */
    toError(): AppError {
      const blocking = [...found.values()].filter((entry) => entry.action === "block");
      const kinds = [...new Set(blocking.map(({ kind }) => kind))];
      const reasons = [...new Set(missed.map(({ reason }) => reason))];
      const why =
        kinds.length > 0 ? `it contains: ${kinds.join(", ")}` : `a part of it was not scanned: ${reasons.join(", ")}`;
      return new AppError("content_filter", {
        message: `A guard of this project rejected the request, because ${why}. Remove that part and send the request again.`,
        details: { policyId, version, kinds, ...(reasons.length > 0 && { notScanned: reasons }) },
      });
    },
  };
}
export type GuardRecord = ReturnType<typeof createGuardRecord>;
