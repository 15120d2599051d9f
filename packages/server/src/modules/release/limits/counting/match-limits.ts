import type { LimitScope } from "@treadle/contract";
import type { SpendOrder } from "../../../build/gateway/index.ts";
import type { ActiveLimit } from "./active-limit.ts";

type Entry = { readonly each: ActiveLimit[]; readonly named: Map<string, ActiveLimit[]> };
type ByValue = { readonly each: readonly ActiveLimit[]; readonly named: ReadonlyMap<string, readonly ActiveLimit[]> };

/** The enabled limits of one project, by scope and value. */
export type LimitIndex = ReadonlyMap<LimitScope, ByValue>;

export function indexLimits(limits: readonly ActiveLimit[]): LimitIndex {
  const index = new Map<LimitScope, Entry>();
  for (const limit of limits) {
    const { scope, value, isEnabled } = limit.stored;
    if (!isEnabled) continue;
    const entry: Entry = index.get(scope) ?? { each: [], named: new Map() };
    index.set(scope, entry);
    if (value === null) entry.each.push(limit);
    else entry.named.set(value, [...(entry.named.get(value) ?? []), limit]);
  }
  return index;
}

/** Calls back with each limit that applies to a call, and the value that it counts the call for. */
export function eachMatch(
  index: LimitIndex,
  order: SpendOrder,
  visit: (limit: ActiveLimit, value: string) => void,
): void {
  for (const [scope, { each, named }] of index) {
    if (scope === "tag") {
      for (const tag of order.tags) visitValue(tag, { each, named }, visit);
      continue;
    }
    const value = valueIn(scope, order);
    if (value !== null) visitValue(value, { each, named }, visit);
  }
}

function visitValue(value: string, { each, named }: ByValue, visit: (limit: ActiveLimit, value: string) => void): void {
  for (const limit of each) visit(limit, value);
  const own = named.get(value);
  if (own) for (const limit of own) visit(limit, value);
}

/** Null if the call has no value for the scope. */
function valueIn(scope: Exclude<LimitScope, "tag">, order: SpendOrder): string | null {
  const { actor, userId, endpoint, variant, connection } = order;
  switch (scope) {
    case "project":
      return "";
    case "key":
      return actor.startsWith("key_") ? actor : null;
    case "user":
      return userId || null;
    case "endpoint":
      return endpoint || null;
    case "variant":
      return endpoint && variant ? `${endpoint}/${variant}` : null;
    case "provider":
      return connection;
    default:
      return scope satisfies never;
  }
}
