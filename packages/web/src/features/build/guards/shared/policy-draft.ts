import type { Fields } from "../../../../components/form/json-fields.ts";
import { isFields, withKey } from "../../../../components/form/json-fields.ts";
import type { Action, Failure, Policy, Rule, Scope, Trust } from "./use-guards.ts";

/** A rule in the form. */
export type RuleDraft = {
  /** Counts the rules of the form, so that a card stays the same when it moves. */
  readonly id: number;
  readonly detector: string;
  /** As typed: lists can have blank entries. */
  readonly options: Fields;
  readonly scopes: readonly Trust[];
  readonly action: Action;
  readonly threshold: number | null;
  readonly failure: Failure;
} & Pick<Rule, "fallback" | "target" | "budgetMs">;

/** A policy in the form. */
export type PolicyDraft = {
  /** The version that the changes are based on; 0 for a new policy. */
  readonly base: number;
  readonly name: string;
  readonly description: string;
  readonly isEnabled: boolean;
  readonly appliesTo: Scope;
  readonly rules: readonly RuleDraft[];
  readonly maskSeconds: number | null;
  readonly refusal: Policy["refusal"];
};

export const ALL_TRUSTS: readonly Trust[] = ["system", "user", "retrieved", "tool-result", "tool-arguments", "output"];
export const EVERY_CALL: Scope = { endpointId: null, variant: null, keyId: null };
const DAY_SECONDS = 86_400;
const BUDGET_MS = 800;

/** Options that a new rule has. An empty list of tools allows none. */
const FIRST_OPTIONS: Readonly<Record<string, Fields>> = { "tool-policy": { tools: [] } };
const firstOptions = (detector: string): Fields => FIRST_OPTIONS[detector] ?? {};

export const blankRule = (detector: string): Omit<RuleDraft, "id"> => ({
  detector,
  options: firstOptions(detector),
  scopes: ALL_TRUSTS,
  action: "observe",
  threshold: null,
  failure: {},
  fallback: "block",
  target: null,
  budgetMs: BUDGET_MS,
});

export const blankDraft = (
  fields: Pick<PolicyDraft, "name" | "description">,
  rules: readonly Omit<RuleDraft, "id">[],
): PolicyDraft => ({
  base: 0,
  ...fields,
  isEnabled: true,
  appliesTo: EVERY_CALL,
  rules: rules.map((rule, place) => ({ ...rule, id: place + 1 })),
  maskSeconds: DAY_SECONDS,
  refusal: null,
});

export const draftOf = (policy: Policy): PolicyDraft => ({
  base: policy.version,
  name: policy.name,
  description: policy.description,
  isEnabled: policy.isEnabled,
  appliesTo: policy.appliesTo,
  rules: policy.rules.map((rule, place) => ({ ...rule, id: place + 1 })),
  maskSeconds: policy.maskSeconds,
  refusal: policy.refusal,
});

/** What the form sends. It may be invalid. */
export const inputOf = (draft: PolicyDraft) => ({
  name: draft.name.trim(),
  description: draft.description.trim(),
  isEnabled: draft.isEnabled,
  appliesTo: draft.appliesTo,
  rules: draft.rules.map(ruleInputOf),
  maskSeconds: draft.maskSeconds,
  refusal: draft.refusal && { text: draft.refusal.text.trim(), texts: cleanTexts(draft.refusal.texts) },
});

/** Without the rows that are empty. */
const cleanTexts = (texts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(texts).filter(([language, text]) => language !== "" || text.trim() !== ""));

/** Only a rule that reroutes has a target. */
export const ruleInputOf = ({ id: _, options, target, ...rule }: RuleDraft) => ({
  ...rule,
  target: rule.action === "reroute" ? target : null,
  options: cleanOptions(options),
});
export type RuleInput = ReturnType<typeof ruleInputOf>;

/** The options without empty texts, blank lines and lists of blank lines. A list without a choice stays, as it may be wrong. */
const cleanOptions = (options: Fields): Fields =>
  Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => {
      const clean = cleanValue(value);
      return isEmpty(clean) ? [] : [[name, clean]];
    }),
  );

function cleanValue(value: unknown): unknown {
  if (isFields(value)) return withKey(value, "", undefined);
  if (!Array.isArray(value)) return value;
  const entries = value
    .map((entry: unknown) => (typeof entry === "string" ? entry.trim() : isFields(entry) ? withoutEmpty(entry) : entry))
    .filter((entry) => entry !== "");
  return value.length > 0 && entries.length === 0 ? undefined : entries;
}

const withoutEmpty = (row: Fields): Fields =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => !isEmpty(value)));

const isEmpty = (value: unknown) => value === undefined || value === null || value === "";

/** Whether two drafts send the same. */
export const isSameDraft = (one: PolicyDraft, other: PolicyDraft): boolean =>
  one.base === other.base && JSON.stringify(inputOf(one)) === JSON.stringify(inputOf(other));

type Rules = readonly RuleDraft[];
const nextId = (rules: Rules) => Math.max(0, ...rules.map(({ id }) => id)) + 1;

export const addRule = (rules: Rules, rule: Omit<RuleDraft, "id">): Rules => [...rules, { ...rule, id: nextId(rules) }];

/** The rules with a copy of one of them after it. */
export const copyRule = (rules: Rules, place: number): Rules => {
  const rule = rules[place];
  return rule ? rules.toSpliced(place + 1, 0, { ...rule, id: nextId(rules) }) : rules;
};

/** The rules with one of them moved to another place. */
export const moveRule = (rules: Rules, from: number, to: number): Rules => {
  const rule = rules[from];
  return rule && to >= 0 && to < rules.length ? rules.toSpliced(from, 1).toSpliced(to, 0, rule) : rules;
};

/** The rule with another detector. Its options were those of the detector before. */
export const withDetector = (rule: RuleDraft, detector: string): RuleDraft =>
  rule.detector === detector ? rule : { ...rule, detector, options: firstOptions(detector), threshold: null };

/** The sources with one of them on or off, in their order. */
export const toggleTrust = (scopes: readonly Trust[], trust: Trust, isOn: boolean): Trust[] =>
  ALL_TRUSTS.filter((one) => (one === trust ? isOn : scopes.includes(one)));
