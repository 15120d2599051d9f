import type { AssignBy, Failover, FailureClass, RoutingStrategy, RuleCondition } from "@treadle/contract";
import { formatCount } from "../../../components/text/format.ts";
import type { Endpoint, EndpointInput } from "./use-endpoints.ts";

export type RuleInput = NonNullable<EndpointInput["rules"]>[number];
export type ConditionInput = RuleInput["when"][number];
export type Fact = ConditionInput["fact"];
export type FallbackInput = NonNullable<EndpointInput["fallbacks"]>[number];
/** A fallback with everything that the form shows. */
export type FallbackRow = { model: string; on: FailureClass[]; priority: number };
type VariantInput = EndpointInput["variants"][number];

/** Whose requests get the same variant. */
export const ASSIGN_BY_WORDS: Readonly<Record<AssignBy, string>> = {
  auto: "Automatic: user, session, conversation or key",
  user: "The user",
  session: "The session",
  conversation: "The conversation",
  key: "The API key",
  request: "Nothing: each request by itself",
};

export const STRATEGY_WORDS: Readonly<Record<RoutingStrategy, string>> = {
  weight: "Weight",
  latency: "Fastest first token",
  busy: "Fewest requests in flight",
  cost: "Lowest price",
};
export const STRATEGY_HELP: Readonly<Record<RoutingStrategy, string>> = {
  weight: "Each variant answers its share of the requests.",
  latency: "Nearly equal variants share the requests by weight. 5% of the requests measure the others.",
  busy: "The number of running requests is divided by the weight.",
  cost: "Prices come from the price table. A variant without a price comes last.",
};
export const FAILOVER_WORDS: Readonly<Record<Failover, string>> = {
  fallbacks: "The fallbacks only",
  variants: "The other variants, then the fallbacks",
};
export const CLASS_WORDS: Readonly<Record<FailureClass, string>> = {
  "context-length": "context length",
  "content-filter": "content filter",
  "rate-limit": "rate limit",
  timeout: "timeout",
  unavailable: "outage",
  error: "other error",
};
export const FACT_WORDS: Readonly<Record<Fact, string>> = {
  tag: "Tag",
  user: "User",
  language: "Language",
  length: "Length",
  header: "Header",
};
/** Whose requests stay together. With a strategy that measures, `auto` does not include the user and the key. */
export const assignWords = (assignBy: AssignBy, strategy: RoutingStrategy): string =>
  assignBy === "auto" && strategy !== "weight" ? "Automatic: session or conversation" : ASSIGN_BY_WORDS[assignBy];

const CLASSES = Object.keys(CLASS_WORDS) as FailureClass[];
const MAX_PRIORITY = 20;

/** A condition before anything is typed. */
export function blankCondition(fact: Fact): ConditionInput {
  if (fact === "length") return { fact, min: null, max: null };
  return fact === "header" ? { fact, name: "", value: null } : { fact, value: "" };
}

/** The fallbacks as rows: a plain name answers after any failure, in its place. */
export const toRows = (fallbacks: readonly FallbackInput[]): FallbackRow[] =>
  fallbacks.map((fallback, place) => {
    const byPlace = Math.min(MAX_PRIORITY, place + 1);
    if (typeof fallback === "string") return { model: fallback, on: [...CLASSES], priority: byPlace };
    const { model, on = [...CLASSES], priority = byPlace } = fallback;
    return { model, on, priority };
  });

/** The row that is added below the others: after all of them, and for any failure. */
export const nextRow = (rows: readonly FallbackRow[]): FallbackRow => ({
  model: "",
  on: [...CLASSES],
  priority: Math.min(MAX_PRIORITY, Math.max(0, ...rows.map(({ priority }) => priority)) + 1),
});

/** The rows with two of them in each other's place. The priorities stay where they are. */
export const swapRows = (rows: readonly FallbackRow[], from: number, to: number): FallbackRow[] =>
  rows.map((row, place) => {
    const source = place === from ? rows[to] : place === to ? rows[from] : row;
    return { ...(source ?? row), priority: row.priority };
  });

/** The row with one class switched on or off. The classes stay in their order. */
export const toggleClass = (row: FallbackRow, name: FailureClass, isOn: boolean): FallbackRow => ({
  ...row,
  on: CLASSES.filter((one) => (one === name ? isOn : row.on.includes(one))),
});

/** The rules after variants were renamed. A removed variant stays in its rule, which the form then refuses. */
export function followRenames(
  rules: readonly RuleInput[],
  before: readonly VariantInput[],
  after: readonly VariantInput[],
): RuleInput[] {
  if (before.length !== after.length) return [...rules];
  const names = new Map(
    before.flatMap(({ name }, place) => {
      const next = after[place]?.name;
      return name && next && name !== next ? [[name, next] as const] : [];
    }),
  );
  return rules.map((rule) => ({ ...rule, variants: rule.variants.map((name) => names.get(name) ?? name) }));
}

/** Such as *after rate limit or timeout*. Empty for a fallback that answers after any failure. */
export const criteriaWords = (on: readonly FailureClass[]): string =>
  on.length === CLASSES.length
    ? ""
    : `after ${listWords(
        on.map((name) => CLASS_WORDS[name]),
        "or",
      )}`;

/** Such as *tag beta and language de: candidate*. */
export const ruleWords = ({ when, variants }: Endpoint["rules"][number]): string =>
  `${listWords(when.map(conditionWords), "and")}: ${listWords(variants, "or")}`;

function conditionWords(condition: RuleCondition): string {
  if (condition.fact === "length") return `${lengthWords(condition)} tokens`;
  if (condition.fact !== "header") return `${condition.fact} ${condition.value}`;
  const { name, value } = condition;
  return value === null ? `header ${name}` : `header ${name} = ${value}`;
}

function lengthWords({ min, max }: { min: number | null; max: number | null }): string {
  if (min === null) return `at most ${formatCount(max ?? 0)}`;
  return max === null ? `at least ${formatCount(min)}` : `${formatCount(min)} to ${formatCount(max)}`;
}

const listWords = (words: readonly string[], last: string): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;

/** Fallbacks by priority: those of one group are alternatives. */
export function groupsOf(fallbacks: Endpoint["fallbacks"]): Endpoint["fallbacks"][] {
  const priorities = [...new Set(fallbacks.map(({ priority }) => priority))].sort((one, other) => one - other);
  return priorities.map((wanted) => fallbacks.filter(({ priority }) => priority === wanted));
}
