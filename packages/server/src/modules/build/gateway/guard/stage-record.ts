import { type Action, type Policy, type RuleRead, type StreamVerdict, strongest } from "@treadle/guards";
import type { Place } from "../../guards/index.ts";
import type { Check, CheckedStage, Missed, StageName } from "../request/checks.ts";
import { createFoundList, MOST_ENTRIES } from "./found-list.ts";

type Counts = Pick<RuleRead, "from" | "to" | "ms"> & { texts: number; count: number; action: Action | "allow" };

/** The checks of the request of a call, or those of its answer. */
export function createStageRecord(stage: StageName, { rules }: Policy) {
  const counts = new Map<number, Counts>();
  const found = createFoundList();
  const missed: Missed[] = [];
  let ms = 0;

  function countRead({ rule, from, to, ms: spent }: RuleRead, isRead: boolean): void {
    const before = counts.get(rule) ?? { texts: 0, count: 0, action: "allow", from, to, ms: 0 };
    counts.set(rule, {
      ...before,
      texts: before.texts + (isRead ? 1 : 0),
      from: Math.min(before.from, from),
      to: Math.max(before.to, to),
      ms: before.ms + spent,
    });
  }

  function note(rule: number, action: Action | "allow", added: number): void {
    const entry = counts.get(rule);
    if (!entry) return;
    entry.count += added;
    entry.action = strongest([entry.action, action]);
  }

  function toCheck([rule, entry]: readonly [number, Counts]): Check {
    const { detector, threshold } = rules[rule] ?? { detector: "", threshold: 0 };
    const isOwn = (one: { readonly rule: number }) => one.rule === rule;
    return { rule, detector, threshold, ...entry, found: found.list().filter(isOwn), missed: missed.filter(isOwn) };
  }

  return {
    add({ reads, unscanned, findings, ms: spent }: StreamVerdict, place: Place): void {
      ms += spent;
      for (const read of reads) countRead(read, !unscanned.some(({ rule }) => rule === read.rule));
      for (const finding of findings) {
        found.add(finding, place);
        note(finding.rule, finding.action, 1);
      }
      for (const { rule, reason, isBlocking } of unscanned) {
        if (missed.length < MOST_ENTRIES) missed.push({ ...place, rule, reason });
        note(rule, isBlocking ? "block" : "allow", 0);
      }
    },
    /** Null if no rule applied to any text. */
    toStage(): CheckedStage | null {
      const checks = [...counts].toSorted(([one], [other]) => one - other).map(toCheck);
      if (checks.length === 0) return null;
      return {
        stage,
        action: strongest(checks.map(({ action }) => action)),
        from: Math.min(...checks.map(({ from }) => from)),
        to: Math.max(...checks.map(({ to }) => to)),
        ms,
        checks,
      };
    },
  };
}
export type StageRecord = ReturnType<typeof createStageRecord>;
