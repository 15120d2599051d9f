import { isRecord } from "../../../../kernel/is-record.ts";
import { type Counter, counterOf } from "./active-limit.ts";
import { nextTat } from "./gcra.ts";
import type { Limiter } from "./limiter.ts";

type CounterState = readonly [
  limitId: string,
  value: string,
  tat: number,
  start: number,
  end: number,
  used: number,
  unpriced: number,
];

/** All that is used, for the snapshot of the journal. */
export const stateOf = (limiter: Limiter) => ({
  counters: limiter
    .all()
    .flatMap(({ stored: { limitId }, kind, counters }) =>
      kind === "concurrency"
        ? []
        : [...counters.values()].map(
            ({ value, tat, start, end, used, unpriced }): CounterState => [
              limitId,
              value,
              tat,
              start,
              end,
              used,
              unpriced,
            ],
          ),
    ),
});

type Stored = { readonly snapshot: unknown; readonly lines: readonly unknown[] };

/** Rebuilds what is used from a snapshot and the charges since. A limit that was deleted since is skipped. */
export function restoreState(limiter: Limiter, { snapshot, lines }: Stored): void {
  const limits = new Map(limiter.all().map((limit) => [limit.stored.limitId, limit]));
  const { now } = limiter.times();
  for (const [limitId, value, tat, start, end, used, unpriced] of countersIn(snapshot)) {
    const limit = limits.get(limitId);
    if (!limit) continue;
    const counter = counterOf(limit, value, start);
    Object.assign(counter, { tat, start, end, used, unpriced });
  }
  for (const line of lines) {
    if (!isRecord(line) || typeof line.at !== "number") continue;
    for (const [limitId, value, amount] of rowsIn(line.used)) {
      const limit = limits.get(String(limitId));
      if (limit && typeof amount === "number") replay(counterOf(limit, String(value), line.at), amount, line.at);
    }
    for (const row of rowsIn(line.set)) restoreSet(limits, row);
  }
  for (const limit of limits.values()) for (const value of limit.counters.keys()) counterOf(limit, value, now);
}

function replay(counter: Counter, amount: number, at: number): void {
  if (counter.limit.kind === "rate") counter.tat = nextTat(counter.limit.rate, counter.tat, { cost: amount, now: at });
  else if (at >= counter.start) counter.used += amount;
}

/** A recount replaces what is used. */
function restoreSet(limits: ReadonlyMap<string, Parameters<typeof counterOf>[0]>, row: readonly unknown[]): void {
  const [limitId, value, start, used, unpriced] = row;
  const limit = limits.get(String(limitId));
  if (!limit || typeof start !== "number" || typeof used !== "number") return;
  const counter = counterOf(limit, String(value), start);
  if (counter.start === start) Object.assign(counter, { used, unpriced: typeof unpriced === "number" ? unpriced : 0 });
}

const rowsIn = (list: unknown): readonly (readonly unknown[])[] =>
  Array.isArray(list) ? list.filter(Array.isArray) : [];

function countersIn(snapshot: unknown): CounterState[] {
  if (!isRecord(snapshot)) return [];
  return rowsIn(snapshot.counters).flatMap(([limitId, value, ...numbers]) => {
    const [tat = 0, start = 0, end = 0, used = 0, unpriced = 0] = numbers.map(Number);
    return typeof limitId === "string" && typeof value === "string"
      ? [[limitId, value, tat, start, end, used, unpriced] satisfies CounterState]
      : [];
  });
}
