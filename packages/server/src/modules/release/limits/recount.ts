import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Spool } from "../../../platform/spool/port.ts";
import { SHADOW_ACTOR } from "../../build/gateway/index.ts";
import { type ActiveLimit, counterOf, quotaPeriod } from "./counting/active-limit.ts";
import { amountFor, type Prices } from "./counting/amounts.ts";
import type { Limiter } from "./counting/limiter.ts";
import type { StoredAs } from "./spend.ts";
import { createSpendStore, type Priceable } from "./spend-store.ts";

type Deps = {
  readonly columnar: Columnar;
  readonly spool: Pick<Spool, "flush">;
  readonly prices: Prices;
  readonly limiter: Limiter;
  readonly storedAs: StoredAs;
  readonly onSet: (rows: readonly RecountRow[]) => void;
};
type Sum = { used: number; unpriced: number };
export type RecountRow = readonly [limitId: string, value: string, start: number, used: number, unpriced: number];

/**
 * Counts the current period of a quota again from the ledger, at today's prices. A call that ends while this runs may count
 * twice, so that a budget is never too large.
 */
export function createRecount({ columnar, spool, prices, limiter, storedAs, onSet }: Deps) {
  const store = createSpendStore(columnar);
  return async function recount(limit: ActiveLimit): Promise<void> {
    if (limit.kind !== "quota") return;
    const { start, end } = quotaPeriod(limit.stored, limiter.times().now);
    const before = usedIn(limit, start);
    await spool.flush();
    const { projectId, scope, value, exempt, measure } = limit.stored;
    // Mirrored calls spend the budgets of the project, and no other limit.
    const leftOut = scope === "project" && measure === "cost" ? exempt : [...exempt, SHADOW_ACTOR];
    const labelOf = (name: string) => (scope === "user" || scope === "tag" ? storedAs(projectId, scope, name) : name);
    // Entries from before the privacy settings have the name itself.
    const isNamed = value !== null && labelOf(value) === value;
    const leftOutAs = leftOut.flatMap((id) => [id, labelOf(id)]);
    const query = { from: start, to: end, scope, value: isNamed ? value : null, exempt: leftOutAs };
    const groups = await store.priceable(projectId, query);
    const names = value === null ? limit.counters.keys() : [value];
    const sums = withNames(sumUp(limit, groups, prices), { names, labelOf, isOnly: value !== null });
    onSet(applySums(limit, sums, { before, start, now: limiter.times().now }));
  };
}

/** What each value has used in a period. */
const usedIn = ({ counters }: ActiveLimit, start: number): ReadonlyMap<string, number> =>
  new Map([...counters].map(([value, counter]) => [value, counter.start === start ? counter.used : 0]));

type Naming = {
  readonly names: Iterable<string>;
  readonly labelOf: (name: string) => string;
  /** Whether no other names count. */
  readonly isOnly: boolean;
};

/** Sums of users that the ledger stores redacted, under the names that calls have. */
function withNames(sums: ReadonlyMap<string, Sum>, { names, labelOf, isOnly }: Naming): ReadonlyMap<string, Sum> {
  const named = new Map(isOnly ? [] : sums);
  for (const name of names) {
    const label = labelOf(name);
    const parts = [...new Set([name, label])].flatMap((each) => sums.get(each) ?? []);
    named.delete(label);
    if (parts.length > 0) named.set(name, parts.reduce(added));
  }
  return named;
}

const added = (one: Sum, other: Sum): Sum => ({ used: one.used + other.used, unpriced: one.unpriced + other.unpriced });

function sumUp(limit: ActiveLimit, groups: readonly Priceable[], prices: Prices): ReadonlyMap<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const group of groups) {
    const { amount, isUnpriced } = amountOf(limit, group, prices);
    const sum = sums.get(group.value) ?? { used: 0, unpriced: 0 };
    sums.set(group.value, sum);
    sum.used += amount;
    if (isUnpriced) sum.unpriced += group.requests;
  }
  return sums;
}

type Applied = { readonly before: ReadonlyMap<string, number>; readonly start: number; readonly now: number };

/** Replaces what is used, and adds what was charged since the recount began. */
function applySums(limit: ActiveLimit, sums: ReadonlyMap<string, Sum>, { before, start, now }: Applied): RecountRow[] {
  const rows: RecountRow[] = [];
  for (const name of new Set([...sums.keys(), ...limit.counters.keys()])) {
    const counter = counterOf(limit, name, now);
    if (counter.start !== start) continue;
    const { used, unpriced } = sums.get(name) ?? { used: 0, unpriced: 0 };
    const since = counter.used - (before.get(name) ?? 0);
    Object.assign(counter, { used: used + Math.max(0, since), unpriced });
    rows.push([limit.stored.limitId, name, start, counter.used, unpriced]);
  }
  return rows;
}

/** What a limit counts of a group of calls. */
function amountOf(limit: ActiveLimit, group: Priceable, prices: Prices): { amount: number; isUnpriced: boolean } {
  const { requests } = group;
  const { projectId, measure } = limit.stored;
  const each = (tokens: number) => tokens / requests;
  const usage = {
    inputTokens: each(group.inputTokens),
    outputTokens: each(group.outputTokens),
    cachedInputTokens: each(group.cachedInputTokens),
    cacheWriteTokens: each(group.cacheWriteTokens),
    reasoningTokens: each(group.reasoningTokens),
  };
  const isLocal = group.provider === "local";
  const costUsd = isLocal ? 0 : prices.cost(projectId, { provider: group.provider, model: group.model, usage });
  const amount = amountFor(limit, { tokens: usage.inputTokens + usage.outputTokens, costUsd }) ?? 0;
  return { amount: amount * requests, isUnpriced: measure === "cost" && costUsd === null && amount === 0 };
}
