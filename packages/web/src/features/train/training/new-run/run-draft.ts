import { CHOSEN_BY_PROVIDERS, REFUSED_BY_PROVIDERS } from "@treadle/contract";
import { ApiError } from "../../../../api.ts";
import type { Run, SentConfig } from "../shared/use-training.ts";

type Params = Readonly<Record<string, unknown>>;
export type Method = Run["config"]["method"];
export type Prompt = NonNullable<Run["config"]["datasets"][number]["prompt"]>;
export type Place = Run["config"]["launcher"];
/** This machine, in one process. */
export const LOCAL: Place = { type: "local" };
export type ProviderPlace = Extract<Place, { type: "provider" }>;
/** The provider settings of a new draft. */
export const PROVIDER_USUAL = {
  suffix: null,
  batch_size: "auto",
  learning_rate_multiplier: "auto",
  price_per_million_tokens: null,
} as const satisfies Partial<ProviderPlace>;

/** A run as it is edited. Settings without a field are in `settings`, under their configuration names. */
export type RunDraft = {
  readonly name: string;
  readonly base: string;
  readonly method: Method;
  readonly datasetId: string;
  readonly version: string;
  /** Templates that turn item inputs into messages; absent for items that are chats. */
  readonly prompt?: Prompt | undefined;
  /** The item's answer field; absent for `expected`. */
  readonly target?: string;
  readonly adapter: "lora" | "none";
  readonly amount: "epochs" | "steps";
  readonly epochs: number | null;
  readonly steps: number | null;
  /** Null for the default of the method and adapter. */
  readonly learningRate: number | null;
  /** Absent for this machine. A provider's place names the base model instead of `base`. */
  readonly launcher?: Place;
  /** Sample prompts, one per line. */
  readonly samples: string;
  /** Single settings, such as `sequence_len`. */
  readonly settings: Params;
  /** Groups of settings, such as `lora`. */
  readonly groups: Readonly<Record<string, Params>>;
};

/** What a part of the form is given. */
export type FieldsProps = {
  draft: RunDraft;
  change: (next: Partial<RunDraft>) => void;
  problems: Readonly<Record<string, string>>;
};

/** An empty draft. */
export const BEGUN: RunDraft = {
  name: "",
  base: "",
  method: "sft",
  datasetId: "",
  version: "main",
  adapter: "lora",
  amount: "epochs",
  epochs: 1,
  steps: 60,
  learningRate: null,
  samples: "",
  settings: {},
  groups: {},
};

/** The settings that the form has its own fields for. All other settings are drawn from the schema. */
const OWN = new Set([
  "name",
  "base_model",
  "method",
  "datasets",
  "adapter",
  "num_epochs",
  "max_steps",
  "learning_rate",
  "launcher",
]);
/** The settings inside a group that the form has its own fields for. */
const OWN_IN: Readonly<Record<string, readonly string[]>> = { eval: ["samples"] };
const NOT_AT_PROVIDERS: ReadonlySet<string> = new Set([...CHOSEN_BY_PROVIDERS, ...REFUSED_BY_PROVIDERS]);
/** The settings inside a group that providers ignore: a provider returns no files. */
const NOT_IN_AT_PROVIDERS: Readonly<Record<string, readonly string[]>> = { export: ["gguf", "gguf_type"] };

/** The provider settings of a draft; undefined for a run in a local or cluster process. */
export const providerOf = ({ launcher }: Pick<RunDraft, "launcher">): ProviderPlace | undefined =>
  launcher?.type === "provider" ? launcher : undefined;

const isParams = (value: unknown): value is Params =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export type SchemaParts = {
  /** The schema of the single settings. */
  readonly single: unknown;
  /** The schema of each group, by its name. */
  readonly groups: readonly (readonly [name: string, schema: Params])[];
};

/** Splits the configuration schema into one form per part. For a provider, only the settings that it uses. */
export function partsOf(schema: unknown, isAtProvider = false): SchemaParts {
  const properties = isParams(schema) && isParams(schema.properties) ? schema.properties : {};
  const rest = Object.entries(properties).filter(
    ([name]) => !(OWN.has(name) || (isAtProvider && NOT_AT_PROVIDERS.has(name))),
  );
  const isGroup = ([, part]: readonly [string, unknown]) => isParams(part) && isParams(part.properties);
  return {
    single: { type: "object", properties: Object.fromEntries(rest.filter((entry) => !isGroup(entry))) },
    groups: rest.filter(isGroup).flatMap(([name, part]) => {
      if (!isParams(part) || !isParams(part.properties)) return [];
      const hidden = [...(OWN_IN[name] ?? []), ...((isAtProvider && NOT_IN_AT_PROVIDERS[name]) || [])];
      return [[name, { ...part, properties: without(part.properties, hidden) }] as const];
    }),
  };
}

const without = (params: Params, names: readonly string[]): Params =>
  Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));

/** The provider settings in the configuration schema, except those with their own fields. */
export function providerPart(schema: unknown): unknown {
  const properties = isParams(schema) && isParams(schema.properties) ? schema.properties : {};
  const { launcher } = properties;
  const kinds = isParams(launcher) && Array.isArray(launcher.oneOf) ? launcher.oneOf.filter(isParams) : [];
  const own = kinds.map(({ properties: part }) => part).find((part) => isParams(part) && "connection" in part);
  return { type: "object", properties: isParams(own) ? without(own, ["type", "connection", "model"]) : {} };
}

type Named = { readonly datasetId: string; readonly name: string };

/** The draft as an API request with the dataset by name; undefined while the base model or the data is missing. */
export function configOf(draft: RunDraft, datasets: readonly Named[]): Exclude<SentConfig, string> | undefined {
  const { version, method } = draft;
  const provider = providerOf(draft);
  const base = (provider ? (provider.model ?? "") : draft.base).trim();
  const dataset = datasets.find(({ datasetId }) => datasetId === draft.datasetId);
  if (base === "" || !dataset) return undefined;
  return {
    ...(provider ? takenByProvider(draft, provider) : takenHere(draft)),
    ...(draft.name.trim() && { name: draft.name.trim() }),
    base_model: base,
    method,
    datasets: [{ ref: version === "main" ? dataset.name : `${dataset.name}@${version}`, ...promptOf(draft) }],
  };
}

const promptOf = ({ method, prompt, target = "" }: RunDraft) =>
  method !== "sft" || prompt === undefined
    ? {}
    : { prompt: [...prompt], ...(target.trim() && { target: target.trim() }) };

function takenHere({ samples, settings, groups, ...draft }: RunDraft) {
  const questions = samples
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return {
    ...settings,
    ...groups,
    adapter: draft.adapter,
    ...(draft.amount === "epochs" ? { num_epochs: draft.epochs ?? 1 } : { max_steps: draft.steps ?? 1 }),
    ...(draft.learningRate !== null && { learning_rate: draft.learningRate }),
    ...(draft.launcher && draft.launcher.type !== "local" && { launcher: draft.launcher }),
    eval: { ...groups.eval, ...(questions.length > 0 && { samples: questions }) },
  };
}

/** Settings that do not apply to the chosen place stay in the draft and are not sent. Without epochs the provider chooses. */
function takenByProvider({ settings, groups, epochs }: RunDraft, { model: _, ...launcher }: ProviderPlace) {
  const inGroups = Object.entries(groups).map(([name, part]) => [name, without(part, NOT_IN_AT_PROVIDERS[name] ?? [])]);
  return {
    ...without({ ...settings, ...Object.fromEntries(inGroups) }, [...NOT_AT_PROVIDERS]),
    ...(epochs !== null && { num_epochs: epochs }),
    launcher,
  };
}

/** A run as a draft, to duplicate it with changes. */
export function draftFrom({ config, name, data }: Pick<Run, "config" | "name" | "data">): RunDraft {
  const { eval: evaluation, lora, val, save, budget, export: exported } = config;
  const source = data?.sources.find(({ datasetId }) => datasetId !== null);
  const questions = evaluation.samples.map((one) => (typeof one === "string" ? one : (one.at(-1)?.content ?? "")));
  const single = Object.entries(config).filter(([key, value]) => !OWN.has(key) && !isParams(value));
  const { samples: _, ...restOfEvaluation } = evaluation;
  const [first] = config.datasets;
  return {
    ...BEGUN,
    ...(first?.prompt && { prompt: first.prompt, target: first.target }),
    name,
    base: config.launcher.type === "provider" ? "" : config.base_model,
    method: config.method,
    datasetId: source?.datasetId ?? "",
    version: source?.version ?? "main",
    adapter: config.adapter,
    amount: config.max_steps === null ? "epochs" : "steps",
    epochs: config.num_epochs ?? (config.launcher.type === "provider" ? null : BEGUN.epochs),
    steps: config.max_steps ?? BEGUN.steps,
    learningRate: config.learning_rate === "auto" ? null : config.learning_rate,
    ...(config.launcher.type !== "local" && { launcher: placeOf(config) }),
    samples: questions.map((one) => one.replaceAll("\n", " ")).join("\n"),
    settings: Object.fromEntries(single),
    groups: { lora, val, save, budget, export: exported, eval: restOfEvaluation },
  };
}

/** Reads a provider's model from whichever key named it. */
const placeOf = ({ launcher, base_model }: Run["config"]): Place =>
  launcher.type === "provider" ? { ...launcher, model: launcher.model ?? base_model } : launcher;

/** The server's validation errors by path: `lora.r`, `base_model`, and `` for the whole configuration. */
export const problemsByPath = (
  problems: readonly { path: string; message: string }[],
): Readonly<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (const { path, message } of problems) found[path] ??= message;
  return found;
};

/** The error of a failed start, by the field that caused it. */
export function refusalOf(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ApiError) || !isParams(error.details)) return {};
  const { param } = error.details;
  return typeof param === "string" ? { [param]: error.message.replace(`${param}: `, "") } : {};
}

/** The errors inside one group, by field name. */
export const problemsIn = (
  problems: Readonly<Record<string, string>>,
  group: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(problems).flatMap(([path, message]) =>
      path.startsWith(`${group}.`) ? [[path.slice(group.length + 1), message]] : [],
    ),
  );
