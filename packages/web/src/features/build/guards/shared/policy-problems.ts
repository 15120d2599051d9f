import { GUARD_OPTIONS, GuardPolicyInput, readShape } from "@treadle/contract";
import { ApiError } from "../../../../api.ts";
import { canAct } from "./detector-words.ts";
import { inputOf, type PolicyDraft, type RuleInput, ruleInputOf } from "./policy-draft.ts";
import type { PolicyInput } from "./use-guards.ts";

/** What is wrong with a form, by the path of the field, such as `rules.0.options.words`. */
export type Problems = Readonly<Record<string, string>>;
type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

const NO_OPTIONS: unknown = undefined;

/** Checks a draft like the server does: its content, or what is wrong with it. */
export function checkDraft(draft: PolicyDraft): { input: PolicyInput | undefined; problems: Problems } {
  const input = inputOf(draft);
  const result = readShape(GuardPolicyInput, input);
  const issues = [...(result.success ? [] : result.error.issues), ...draft.rules.flatMap(issuesOfRule)];
  const problems = byPath(issues, input);
  return { input: result.success && issues.length === 0 ? result.data : undefined, problems };
}

function issuesOfRule(rule: PolicyDraft["rules"][number], place: number): Issue[] {
  const at = ["rules", place];
  const shape = Object.entries(GUARD_OPTIONS).find(([name]) => name === rule.detector)?.[1];
  if (!shape)
    return [{ path: [...at, "detector"], message: "This server does not have this detector. Choose another one." }];
  const result = readShape(shape, ruleInputOf(rule).options);
  const ofOptions = result.success ? [] : result.error.issues;
  return [
    ...ofOptions.map(({ path, message }) => ({ path: [...at, "options", ...path], message })),
    ...(rule.action === "reroute" && rule.target === null
      ? [{ path: [...at, "target"], message: "Choose an endpoint or model." }]
      : []),
    ...(canAct(rule.detector, rule.action)
      ? []
      : [{ path: [...at, "action"], message: "Calls of tools cannot be changed. Choose another action." }]),
  ];
}

/** The first problem of each field. A problem of an entry of a list names the entry, and belongs to the list. */
function byPath(issues: readonly Issue[], input: { readonly rules: readonly RuleInput[] }): Problems {
  const problems: Record<string, string> = {};
  for (const { path, message } of issues) {
    const entry = entryAt(path, input);
    const isEntry = typeof entry === "string" && typeof path.at(-1) === "number";
    const name = (isEntry ? path.slice(0, -1) : path).join(".");
    problems[name] ??= isEntry ? sentence(`“${entry}”: ${message}`) : (ownWords(name, entry) ?? sentence(message));
  }
  return problems;
}

const OWN_WORDS: Problems = {
  name: "Enter a name of at most 120 characters.",
  rules: "Add at least one rule, and at most 50.",
  maskSeconds: "Enter a whole number from 60 to 2,592,000.",
};

/** Words for what the contract says in general. A text of a language can be wrong by its name. */
const ownWords = (name: string, entry: unknown): string | undefined =>
  name.startsWith("refusal.texts.") && entry !== "" ? "Use a language such as de or de-AT." : OWN_WORDS[name];

const entryAt = (path: readonly PropertyKey[], value: unknown): unknown =>
  path.reduce(
    (held, name) => (typeof held === "object" && held !== null ? Reflect.get(held, name) : NO_OPTIONS),
    value,
  );

/** The words that follow the name of a field, as a sentence of their own. */
export function sentence(message: string): string {
  if (/^(is missing|must not be empty)/.test(message)) return "This field is required.";
  const text = message.slice(0, 1).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The problems that the server found in a form, by the path of the field. Empty if they belong to no field. */
export function serverProblems(error: unknown): Problems {
  const details = error instanceof ApiError ? error.details : undefined;
  if (typeof details !== "object" || details === null) return {};
  if ("param" in details && typeof details.param === "string" && error instanceof ApiError)
    return { [details.param]: error.message };
  const issues: unknown = "issues" in details ? details.issues : [];
  return Object.fromEntries(
    (Array.isArray(issues) ? issues : []).flatMap((issue: unknown) =>
      typeof issue === "object" && issue !== null && "path" in issue && "message" in issue
        ? [[String(issue.path).replace(/^body\.?/, ""), sentence(String(issue.message))]]
        : [],
    ),
  );
}
