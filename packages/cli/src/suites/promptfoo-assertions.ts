/** An assertion of promptfoo as a check that an item brings; `expected` stands for the item's own. */
export type Check = {
  readonly kind: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly expected?: unknown;
  readonly threshold?: number;
  readonly isNot?: boolean;
  readonly weight?: number;
};
type Assertion = Readonly<Record<string, unknown>>;
type Turned = Omit<Check, "name" | "isNot" | "weight">;

const list = (value: unknown) => (Array.isArray(value) ? value : [value]).map(String);
const limit = ({ threshold }: Assertion, fallback: number) => (typeof threshold === "number" ? threshold : fallback);
const phrases = (mode: "any" | "all", isCaseSensitive: boolean) => (assertion: Assertion) => ({
  kind: "contains",
  params: { phrases: list(assertion.value), mode, isCaseSensitive },
});
const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
const schema = (value: unknown) => (typeof value === "object" && value !== null ? { schema: value } : {});
const judged = (kind: string) => (assertion: Assertion, model: string | undefined) => ({
  kind,
  params: { model: modelOf(assertion) ?? model ?? "", criteria: String(assertion.value ?? "") },
  threshold: limit(assertion, 0.5),
});
const modelOf = ({ provider }: Assertion) => (typeof provider === "string" ? provider : undefined);

/** promptfoo's types of assertions that have a kind of scorer here, without the `not-` before them. */
const TYPES: Readonly<Record<string, (assertion: Assertion, judge: string | undefined) => Turned>> = {
  equals: ({ value }) => ({ kind: "exact-match", expected: value }),
  contains: phrases("any", true),
  icontains: phrases("any", false),
  "contains-any": phrases("any", true),
  "contains-all": phrases("all", true),
  "icontains-any": phrases("any", false),
  "icontains-all": phrases("all", false),
  "starts-with": ({ value }) => ({ kind: "regex", params: { pattern: `^${escaped(String(value))}` } }),
  regex: ({ value }) => ({ kind: "regex", params: { pattern: String(value) } }),
  "is-json": ({ value }) => ({ kind: "json-schema", params: schema(value) }),
  similar: (assertion) => ({
    kind: "embedding-similarity",
    expected: assertion.value,
    threshold: limit(assertion, 0.75),
  }),
  "rouge-n": (assertion) => ({ kind: "rouge", expected: assertion.value, threshold: limit(assertion, 0.75) }),
  bleu: (assertion) => ({ kind: "bleu", expected: assertion.value, threshold: 100 * limit(assertion, 0.5) }),
  "llm-rubric": judged("rubric"),
  "model-graded-closedqa": judged("rubric"),
  latency: (assertion) => ({ kind: "latency", threshold: limit(assertion, 0) }),
  cost: (assertion) => ({ kind: "cost", threshold: limit(assertion, 0) }),
  "is-refusal": () => ({ kind: "refusal" }),
};

/** The check that an assertion is here, or null for a type that has none. */
export function toCheck(assertion: Assertion, judge: string | undefined): Check | null {
  const type = String(assertion.type);
  const isNot = type.startsWith("not-");
  const turn = TYPES[isNot ? type.slice(4) : type];
  if (!turn) return null;
  const value = typeof assertion.value === "string" ? `: ${assertion.value.slice(0, 80)}` : "";
  return {
    ...turn(assertion, judge),
    name: typeof assertion.metric === "string" ? assertion.metric : `${type}${value}`,
    ...(isNot && { isNot }),
    ...(typeof assertion.weight === "number" && { weight: assertion.weight }),
  };
}

export const KNOWN_TYPES = Object.keys(TYPES);
