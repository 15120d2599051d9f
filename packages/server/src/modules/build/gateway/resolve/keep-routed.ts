import type { Clock } from "../../../../kernel/clock.ts";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";
import { conversationKey, type Units, unitKey } from "./assign-variant.ts";
import type { Choice } from "./draw.ts";
import { createRecentMap } from "./routing/recent-map.ts";

/** A choice with the variants of the rule that limited it; null for no rule. */
export type RoutedChoice = Choice & { readonly ruled: readonly string[] | null };
type Entry = { readonly variant: string; readonly propensity: number; readonly ruled: readonly string[] | null };

/**
 * The variants of conversations and other units whose variant depends on measurements or rules, which change from one
 * request to the next. A conversation stays on its variant between two turns, and its propensity is that of its first
 * turn. Held in memory only, for an hour after the last request.
 */
export function createRoutedUnits(clock: Pick<Clock, "elapsed">) {
  const entries = createRecentMap<Entry>(clock);

  function find(endpoint: ResolvedEndpoint, key: string): RoutedChoice | null {
    const entry = key === "" ? null : entries.find(key);
    const variant = entry && endpoint.variants.find(({ name }) => name === entry.variant);
    if (!entry || !variant) return null;
    const isServed = variant.weight > 0 || endpoint.rules.some(({ variants }) => variants.includes(variant.name));
    return isServed ? { variant, propensity: entry.propensity, ruled: entry.ruled } : null;
  }

  return {
    /** The choice of a conversation that a model has answered in; null for a new one. */
    ofConversation(endpoint: ResolvedEndpoint, units: Units): RoutedChoice | null {
      if (endpoint.assignBy === "request" || !units.isContinued()) return null;
      return find(endpoint, conversationKey(endpoint, units));
    },
    /** The choice of the user, session or key, if it is among the names; null for all names. */
    ofUnit(endpoint: ResolvedEndpoint, units: Units, names: readonly string[] | null): RoutedChoice | null {
      if (!isMeasured(endpoint)) return null;
      const choice = find(endpoint, unitKey(endpoint, units));
      return choice && (names === null || names.includes(choice.variant.name)) ? { ...choice, ruled: names } : null;
    },
    store(endpoint: ResolvedEndpoint, units: Units, { variant, propensity, ruled }: RoutedChoice): void {
      for (const key of keysOf(endpoint, units)) entries.store(key, { variant: variant.name, propensity, ruled });
    },
  };
}

export type RoutedUnits = ReturnType<typeof createRoutedUnits>;

/** With weights alone, a hash keeps the unit on its variant. */
const isMeasured = ({ strategy }: ResolvedEndpoint) => strategy !== "weight";

const keysOf = (endpoint: ResolvedEndpoint, units: Units): readonly string[] =>
  endpoint.assignBy === "request"
    ? []
    : [conversationKey(endpoint, units), isMeasured(endpoint) ? unitKey(endpoint, units) : ""].filter(Boolean);
