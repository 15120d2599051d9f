import { type Action, type Policy, type RuleRead, type StreamVerdict, strongest } from "@treadle/guards";
import type { Place } from "../../guards/index.ts";
import type { Check, CheckedStage, Missed, StageName } from "../request/checks.ts";
import { createFoundList, MOST_ENTRIES } from "./found-list.ts";

/** The checks of the request of a call, or those of its answer. */
export function createStageRecord(stage: StageName, { rules }: Policy) {
  const counts = createCounts();
  const found = createFoundList();
  const missed: Missed[] = [];
  let ms = 0;

  function toCheck([rule, entry]: readonly [number, Counts]): Check {
    const { detector, threshold } = rules[rule] ?? { detector: "", threshold: 0 };
    const isOwn = (one: { readonly rule: number }) => one.rule === rule;
    return { rule, detector, threshold, ...entry, found: found.list().filter(isOwn), missed: missed.filter(isOwn) };
  }

  return {
    add(verdict: StreamVerdict, place: Place): void {
      ms += verdict.ms;
      counts.add(verdict);
      for (const finding of verdict.findings) found.add(finding, place);
      for (const { rule, reason } of verdict.unscanned)
        if (missed.length < MOST_ENTRIES) missed.push({ ...place, rule, reason });
    },
    /** Null if no rule applied to any text. */
    toStage: (): CheckedStage | null => toStage(stage, counts.list().map(toCheck), ms),
  };
}

function toStage(stage: StageName, checks: readonly Check[], ms: number): CheckedStage | null {
  if (checks.length === 0) return null;
  return {
    stage,
    action: strongest(checks.map(({ action }) => action)),
    from: Math.min(...checks.map(({ from }) => from)),
    to: Math.max(...checks.map(({ to }) => to)),
    ms,
    checks,
  };
}

type Counts = Pick<RuleRead, "from" | "to" | "ms"> & { texts: number; count: number; action: Action | "allow" };

/** What each rule did, by its place. */
function createCounts() {
  const counts = new Map<number, Counts>();

  function addRead({ rule, from, to, ms }: RuleRead, texts: number): void {
    const before = counts.get(rule) ?? { texts: 0, count: 0, action: "allow", from, to, ms: 0 };
    counts.set(rule, {
      ...before,
      texts: before.texts + texts,
      from: Math.min(before.from, from),
      to: Math.max(before.to, to),
      ms: before.ms + ms,
    });
  }
  function note(rule: number, action: Action | "allow", added: number): void {
    const entry = counts.get(rule);
    if (!entry) return;
    entry.count += added;
    entry.action = strongest([entry.action, action]);
  }
  return {
    add({ reads, unscanned, findings }: StreamVerdict): void {
      for (const read of reads) addRead(read, unscanned.some(({ rule }) => rule === read.rule) ? 0 : 1);
      for (const { rule, action } of findings) note(rule, action, 1);
      for (const { rule, isBlocking } of unscanned) note(rule, isBlocking ? "block" : "allow", 0);
    },
    list: () => [...counts].toSorted(([one], [other]) => one - other),
  };
}
