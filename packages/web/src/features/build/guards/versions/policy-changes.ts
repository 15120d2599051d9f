import { wordsOf } from "../../../../components/form/schema-fields.ts";
import { alignLists } from "../../../../components/text/compare-texts.ts";
import { detectorLabel } from "../shared/detector-words.ts";
import { ACTION_WORDS, REASON_WORDS, trustLabel } from "../shared/guard-words.ts";
import { type Names, scopeWords } from "../shared/scope-words.ts";
import type { Policy, Rule } from "../shared/use-guards.ts";

/** One difference between two versions. `before` and `after` are texts to compare, where there are such. */
export type PolicyChange = { readonly label: string; readonly before?: string; readonly after?: string };
type Content = Pick<Policy, "name" | "description" | "isEnabled" | "appliesTo" | "rules" | "maskSeconds" | "refusal">;

/** What a version changed, in words. */
export function policyChanges(before: Content, after: Content, names: Names): PolicyChange[] {
  const fields: PolicyChange[] = [
    { label: "Name", before: before.name, after: after.name },
    { label: "Description", before: before.description, after: after.description },
    { label: "State", before: stateWord(before), after: stateWord(after) },
    { label: "Applies to", before: scopeWords(before.appliesTo, names), after: scopeWords(after.appliesTo, names) },
    {
      label: "Placeholder lifetime",
      before: `${before.maskSeconds} seconds`,
      after: `${after.maskSeconds} seconds`,
    },
    { label: "Refusal", before: refusalWords(before.refusal), after: refusalWords(after.refusal) },
  ];
  return [...fields.filter(isChange), ...ruleChanges(before.rules, after.rules)];
}

const refusalWords = (refusal: Content["refusal"]) =>
  refusal === null
    ? "error"
    : [refusal.text, ...Object.entries(refusal.texts).map(([language, text]) => `${language}: ${text}`)].join("; ");
const isChange = ({ before, after }: PolicyChange) => before !== after;
const stateWord = ({ isEnabled }: Pick<Content, "isEnabled">) => (isEnabled ? "on" : "off");

type Pair = { readonly from: number; readonly to: number };

function ruleChanges(before: readonly Rule[], after: readonly Rule[]): PolicyChange[] {
  const [a, b] = [before.map(asText), after.map(asText)];
  const pairs = alignLists(a, b).map(([from, to]): Pair => ({ from, to }));
  const gone = pairs.filter(({ to }) => to < 0).map(({ from }) => from);
  const added = pairs.filter(({ from }) => from < 0).map(({ to }) => to);
  const moved = partners(gone, added, (from, to) => a[from] === b[to]);
  const edited = partners(
    without(gone, moved, "from"),
    without(added, moved, "to"),
    (from, to) => before[from]?.detector === after[to]?.detector,
  );
  const matched = [...moved, ...edited];
  return [
    ...without(gone, matched, "from").map((place) => ({
      label: `Removed ${nameOf(before, place)}`,
      before: summaryOf(before[place]),
    })),
    ...edited
      .toSorted((one, other) => one.to - other.to)
      .flatMap(({ from, to }) => fieldChanges(nameOf(after, to), before[from], after[to])),
    ...moved.map(({ from, to }) => ({ label: `Moved ${nameOf(after, to)}, before rule ${from + 1}` })),
    ...without(added, matched, "to").map((place) => ({
      label: `Added ${nameOf(after, place)}`,
      after: summaryOf(after[place]),
    })),
  ];
}

const asText = (rule: Rule) => JSON.stringify(rule);
const nameOf = (rules: readonly Rule[], place: number) =>
  `rule ${place + 1} (${detectorLabel(rules[place]?.detector ?? "")})`;

/** Each place of one list with the first free place of the other that belongs to it. */
function partners(
  from: readonly number[],
  to: readonly number[],
  isPair: (from: number, to: number) => boolean,
): Pair[] {
  const taken = new Set<number>();
  return from.flatMap((one) => {
    const other = to.find((place) => !taken.has(place) && isPair(one, place));
    if (other === undefined) return [];
    taken.add(other);
    return [{ from: one, to: other }];
  });
}

const without = (places: readonly number[], pairs: readonly Pair[], side: keyof Pair) =>
  places.filter((place) => !pairs.some((pair) => pair[side] === place));

function fieldChanges(name: string, before: Rule | undefined, after: Rule | undefined): PolicyChange[] {
  if (!before || !after) return [];
  const [a, b] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((field) => changeOf(`${name.replace(/^rule/, "Rule")}: ${field}`, a.get(field) ?? [], b.get(field) ?? []))
    .filter(isChange);
}

/** The entries that were removed and added; all of them if only their order differs. */
function changeOf(label: string, before: readonly string[], after: readonly string[]): PolicyChange {
  const gone = before.filter((entry) => !after.includes(entry));
  const added = after.filter((entry) => !before.includes(entry));
  const isOrder = gone.length === 0 && added.length === 0;
  return { label, before: (isOrder ? before : gone).join(", "), after: (isOrder ? after : added).join(", ") };
}

/** The fields of a rule as lists of texts. */
function fieldsOf({
  options,
  action,
  scopes,
  threshold,
  failure,
  target,
  fallback,
  budgetMs,
}: Rule): ReadonlyMap<string, readonly string[]> {
  return new Map([
    ["action", [ACTION_WORDS[action].label]],
    ["sources", scopes.map(trustLabel)],
    ["threshold", [threshold === null ? "the detector's own" : String(threshold)]],
    ["target", target === null ? [] : [target]],
    ["fallback", action === "reask" ? [ACTION_WORDS[fallback].label] : []],
    ["time limit", [`${budgetMs} ms`]],
    ["if not scanned", [failureWords(failure)]],
    ...Object.entries(options).map(([name, value]) => [wordsOf(name).toLowerCase(), written(value)] as const),
  ]);
}

const failureWords = (failure: Rule["failure"]) =>
  Object.entries(REASON_WORDS)
    .flatMap(([reason, { label }]) => {
      const choice = failure[reason as keyof typeof failure];
      return choice === undefined ? [] : [`${label.toLowerCase()}: ${choice === "closed" ? "blocked" : "passed"}`];
    })
    .join(", ") || "the default";

function written(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((entry) => (typeof entry === "string" ? entry : JSON.stringify(entry)));
}

/** A rule in one line, such as `Mask; User, Answers; groups email`. */
function summaryOf(rule: Rule | undefined): string {
  if (!rule) return "";
  const options = Object.entries(rule.options).map(
    ([name, value]) => `${wordsOf(name).toLowerCase()} ${written(value).join(", ")}`,
  );
  return [ACTION_WORDS[rule.action].label, rule.scopes.map(trustLabel).join(", "), ...options].join("; ");
}
