import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { UsageError } from "../shared/usage-error.ts";
import { type Check, KNOWN_TYPES, toCheck } from "./promptfoo-assertions.ts";

type Json = Readonly<Record<string, unknown>>;
type Place = { readonly path: string; readonly folder: string };
type Test = { readonly vars: Json; readonly asserts: readonly Json[]; readonly description: string | null };

/** promptfoo's own configuration has prompts and tests, and no name that a suite would have. */
export const isPromptfoo = (value: unknown): value is Json =>
  isObject(value) && !("suite" in value) && "prompts" in value && ("providers" in value || "targets" in value);

/**
 * A configuration of promptfoo as a suite: each prompt with each provider is a variant, each test an item with its assertions
 * as checks. Throws `UsageError` for what would change the outcome if it were left out, such as an assertion in JavaScript;
 * what only changes how results look is a warning.
 */
export function readPromptfoo(config: Json, place: Place) {
  const problems: string[] = [];
  const models = listOf(config.providers ?? config.targets).map((provider) => readProvider(provider, problems));
  const prompts = listOf(config.prompts).flatMap((prompt) => readPrompts(prompt, place));
  const judge = judgeOf(config) ?? models[0]?.model;
  const items = readTests(config, place).flatMap((test, at) => toItems(test, { at, judge, problems }));
  if (prompts.length === 0) problems.push("`prompts` is empty.");
  if (items.length === 0) problems.push("`tests` is empty.");
  if (problems.length > 0)
    throw new UsageError(
      [`${place.path} contains unsupported parts:`, ...new Set(problems.map((line) => `  ${line}`))].join("\n"),
    );
  const variants = prompts.flatMap(({ label, messages }) =>
    models.map(({ name, model, parameters }) => ({
      name: prompts.length === 1 ? name : `${label} · ${name}`.slice(0, 100),
      model,
      messages,
      parameters,
    })),
  );
  const named = typeof config.description === "string" ? config.description : basename(place.folder);
  const suite =
    named
      .replace(/[^\w ./-]+/g, "-")
      .replace(/^[^\w]+/, "")
      .slice(0, 119) || "promptfoo";
  const options = isObject(config.evaluateOptions) ? config.evaluateOptions : {};
  const value = {
    suite,
    items,
    variants,
    scorers: [{ kind: "checks", params: {} }],
    ...(typeof options.repeat === "number" && { repeats: options.repeat }),
    ...(typeof options.maxConcurrency === "number" && { concurrency: Math.min(64, options.maxConcurrency) }),
  };
  const unread = Object.keys(config).filter((key) => !READ.has(key));
  return { value, warnings: unread.map((key) => `promptfoo's \`${key}\` is ignored.`) };
}

const READ = new Set([
  "description",
  "prompts",
  "providers",
  "targets",
  "tests",
  "defaultTest",
  "evaluateOptions",
  "$schema",
]);

/** promptfoo's names of providers, and the names under which connections here are asked. */
const SLUGS: Readonly<Record<string, string>> = {
  openai: "openai",
  anthropic: "anthropic",
  google: "gemini",
  ollama: "ollama",
  mistral: "mistral",
  groq: "groq",
  openrouter: "openrouter",
  azure: "azure",
  bedrock: "bedrock",
  treadle: "",
};
const MODES = /^(?:chat|messages|completion|responses):/;
const PARAMETERS = ["temperature", "max_tokens", "top_p", "seed", "stop", "response_format", "tools", "tool_choice"];

function readProvider(provider: unknown, problems: string[]) {
  const { id, label, config } = isObject(provider) ? provider : { id: provider, label: undefined, config: {} };
  const [first = "", ...rest] = String(id).split(":");
  const slug = SLUGS[first];
  if (slug === undefined || rest.length === 0)
    problems.push(
      `The provider "${String(id)}" is not supported. Providers: ${Object.keys(SLUGS).join(", ")}, each with a model, such as openai:gpt-4o-mini.`,
    );
  const plain = rest.join(":").replace(MODES, "");
  const settings = isObject(config) ? config : {};
  const parameters = Object.fromEntries(PARAMETERS.flatMap((key) => (key in settings ? [[key, settings[key]]] : [])));
  const model = slug ? `${slug}/${plain}` : plain;
  return { name: typeof label === "string" ? label : model, model, parameters };
}

function judgeOf({ defaultTest }: Json): string | undefined {
  const options = isObject(defaultTest) && isObject(defaultTest.options) ? defaultTest.options : {};
  return options.provider === undefined ? undefined : readProvider(options.provider, []).model;
}

type Prompt = { readonly label: string; readonly messages: readonly unknown[] };

function readPrompts(prompt: unknown, { folder }: Place): Prompt[] {
  if (isObject(prompt)) {
    const label = typeof prompt.label === "string" ? prompt.label : undefined;
    return readPrompts(prompt.raw ?? prompt.id, { folder, path: "" }).map((one) => ({
      ...one,
      label: label ?? one.label,
    }));
  }
  const given = String(prompt);
  const file = /^(?:file:\/\/)?(\S+\.(?:txt|json|ya?ml|md))$/.exec(given)?.[1];
  if (file === undefined) return [promptOf(given, given)];
  const text = readBeside(folder, file);
  const parts = file.endsWith(".txt") ? text.split(/^---$/m) : [text];
  return parts.map((part, at) => promptOf(part.trim(), parts.length > 1 ? `${file} ${at + 1}` : file));
}

function promptOf(text: string, label: string): Prompt {
  if (/{%|{{[^}]*\|/.test(text))
    throw new UsageError(
      `The prompt "${label.slice(0, 60)}" uses tags or filters of Nunjucks. Only {{names}} are supported. Store it as a Liquid or Jinja prompt instead.`,
    );
  return {
    label: label.replace(/\s+/g, " ").slice(0, 60),
    messages: chatIn(text) ?? [{ role: "user", content: text }],
  };
}

function chatIn(text: string): readonly unknown[] | null {
  if (!/^\s*(?:\[|- role:)/.test(text)) return null;
  const value: unknown = parse(text);
  return Array.isArray(value) && value.every((message) => isObject(message) && "role" in message) ? value : null;
}

function readTests({ tests, defaultTest }: Json, { folder, path }: Place): Test[] {
  const shared = isObject(defaultTest) ? defaultTest : {};
  const given = typeof tests === "string" ? readTestFile(tests, { folder, path }) : tests;
  return listOf(given)
    .flatMap((entry) => (typeof entry === "string" ? listOf(readTestFile(entry, { folder, path })) : [entry]))
    .map((entry) => {
      const test = isObject(entry) ? entry : {};
      const vars = { ...asObject(shared.vars), ...asObject(test.vars) };
      return {
        vars: Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, textOrFile(value, folder)])),
        asserts: [...listOf(shared.assert), ...listOf(test.assert)].filter(isObject),
        description: typeof test.description === "string" ? test.description : null,
      };
    });
}

function readTestFile(name: string, { folder, path }: Place): unknown {
  const file = name.replace(/^file:\/\//, "");
  if (/\.jsonl$/.test(file))
    return readBeside(folder, file)
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  if (/\.(ya?ml|json)$/.test(file)) return parse(readBeside(folder, file));
  throw new UsageError(`${path}: the tests of "${name}" cannot be read. Write them as YAML, JSON or JSONL.`);
}

const textOrFile = (value: unknown, folder: string) =>
  typeof value === "string" && value.startsWith("file://") ? readBeside(folder, value.slice(7)) : value;

function readBeside(folder: string, file: string): string {
  try {
    return readFileSync(join(folder, file), "utf8");
  } catch (error) {
    throw new UsageError(
      `${join(folder, file)} could not be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

type Turning = { readonly at: number; readonly judge: string | undefined; readonly problems: string[] };

/** A variable that is a list means a test for each of its values. */
function toItems({ vars, asserts, description }: Test, { at, judge, problems }: Turning) {
  return combinations(vars).map((inputs) => {
    const checks = asserts.flatMap((assertion): Check[] => {
      const check = toCheck(filled(assertion, inputs), judge);
      if (check) return [check];
      problems.push(
        `The assertion "${String(assertion.type)}" (test ${at + 1}) is not supported. Types: ${KNOWN_TYPES.join(", ")}, each also with the prefix not-. Write a code scorer instead, or remove it.`,
      );
      return [];
    });
    const equal = checks.filter(({ kind, isNot }) => kind === "exact-match" && !isNot);
    return {
      inputs,
      ...(equal.length === 1 && { expected: equal[0]?.expected }),
      metadata: { checks, ...(description !== null && { description }) },
    };
  });
}

function combinations(vars: Json): Json[] {
  return Object.entries(vars).reduce<Json[]>(
    (all, [name, value]) => all.flatMap((one) => listOf(value).map((each) => ({ ...one, [name]: each }))),
    [{}],
  );
}

/** Values may name variables of their test. */
function filled(assertion: Json, inputs: Json): Json {
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    return typeof value === "string"
      ? value.replace(/{{\s*([\w.]+)\s*}}/g, (whole, name: string) => (name in inputs ? String(inputs[name]) : whole))
      : value;
  };
  return { ...assertion, value: fill(assertion.value) };
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const asObject = (value: unknown): Json => (isObject(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
