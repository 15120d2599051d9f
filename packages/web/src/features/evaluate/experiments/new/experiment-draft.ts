import { ExperimentInput, PROMPT_ROLES } from "@treadle/contract";
import type { Experiment } from "../shared/use-experiments.ts";

export type DraftMessage = { readonly role: (typeof PROMPT_ROLES)[number]; readonly content: string };
/** The source of a variant's messages: a stored prompt, templates in the form, or the item. */
export type DraftSource = "prompt" | "messages" | "item";
export type DraftVariant = {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly source: DraftSource;
  readonly promptName: string;
  /** A number, a label, or empty for production. */
  readonly promptVersion: string;
  readonly messages: readonly DraftMessage[];
  /** JSON text. */
  readonly parameters: string;
};
/** A stored scorer, or a kind with its own settings. */
export type DraftScorer =
  | { readonly id: string; readonly scorer: string; readonly label: string }
  | {
      readonly id: string;
      readonly kind: string;
      readonly label: string;
      readonly params: Readonly<Record<string, unknown>>;
    };

export type Draft = {
  readonly name: string;
  readonly description: string;
  readonly datasetId: string;
  readonly version: string;
  readonly split: string;
  readonly filter: string;
  readonly limit: number | null;
  readonly seed: number;
  readonly variants: readonly DraftVariant[];
  readonly scorers: readonly DraftScorer[];
  readonly repeats: number;
  readonly concurrency: number;
  readonly usd: number | null;
  readonly tokens: number;
  readonly precision: number | null;
  /** Missing in drafts that an older version stored. */
  readonly outageMinutes?: number | undefined;
  readonly cache: boolean;
  readonly suite: string;
  readonly tags: string;
};

/** Identifies the parts of a form while they are edited. */
export const newId = (): string => Math.random().toString(36).slice(2, 10);

export const newVariant = (name: string): DraftVariant => ({
  id: newId(),
  name,
  model: "",
  source: "prompt",
  promptName: "",
  promptVersion: "",
  messages: [{ role: "user", content: "" }],
  parameters: "",
});

export const DEFAULT_OUTAGE_MINUTES = 10;

/** An empty form. */
export const BEGUN: Draft = {
  name: "",
  description: "",
  datasetId: "",
  version: "main",
  split: "",
  filter: "",
  limit: null,
  seed: 1,
  variants: [{ ...newVariant("A"), id: "first" }],
  scorers: [],
  repeats: 1,
  concurrency: 8,
  usd: null,
  tokens: 10_000_000,
  precision: null,
  outageMinutes: DEFAULT_OUTAGE_MINUTES,
  cache: false,
  suite: "",
  tags: "",
};

/** The items, in all forms that run on a dataset. */
export type ItemsDraft = Pick<Draft, "datasetId" | "version" | "split" | "filter" | "limit" | "seed">;
/** The scorers; the first one is the main score. */
export type ScorersDraft = Pick<Draft, "scorers">;

/** Errors by path: `name`, `dataset`, `variants.0.model`, `scorers.1`, `budget`. */
export type Problems = Readonly<Record<string, string>>;
/** Shared properties of the form's parts. `shown` has the errors of visited fields, or all errors after an attempt to start. */
export type FormProps = { draft: Draft; change: (next: Partial<Draft>) => void; problems: Problems };

type Read = { input: ExperimentInput; problems: Problems } | { input: undefined; problems: Problems };

/** The draft as an API request, validated like on the server. */
export function readDraft(draft: Draft): Read {
  const problems: Record<string, string> = {};
  if (draft.datasetId === "") problems.dataset = "Choose a dataset.";
  const variants = draft.variants.map((variant, place) => {
    const parameters = readParameters(variant.parameters);
    if (parameters instanceof Error) problems[`variants.${place}.parameters`] = parameters.message;
    if (variant.source === "prompt" && variant.promptName === "")
      problems[`variants.${place}.prompt`] = "Choose a prompt.";
    return {
      name: variant.name,
      model: variant.model.trim() === "" ? null : variant.model.trim(),
      prompt:
        variant.source === "prompt" && variant.promptName ? { name: variant.promptName, ...versionOf(variant) } : null,
      messages: variant.source === "messages" ? variant.messages.map(({ role, content }) => ({ role, content })) : null,
      parameters: parameters instanceof Error ? {} : parameters,
    };
  });
  const result = ExperimentInput.safeParse({
    name: draft.name,
    description: draft.description,
    dataset: {
      datasetId: draft.datasetId,
      version: draft.version,
      split: draft.split || null,
      filter: draft.filter.trim(),
      limit: draft.limit,
      seed: draft.seed,
    },
    variants,
    scorers: draft.scorers.map((one) =>
      "kind" in one ? { kind: one.kind, params: one.params } : { scorer: one.scorer },
    ),
    repeats: draft.repeats,
    concurrency: draft.concurrency,
    budget: { usd: draft.usd, tokens: draft.tokens },
    cache: draft.cache,
    stop: { precision: draft.precision },
    maxOutageSeconds: Math.round((draft.outageMinutes ?? DEFAULT_OUTAGE_MINUTES) * 60),
    suite: draft.suite.trim() || null,
    tags: draft.tags
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean),
  });
  if (!result.success)
    for (const { path, message } of result.error.issues) {
      const place =
        path[0] === "variants" ? path.slice(0, 3).join(".") : path.slice(0, path[0] === "scorers" ? 2 : 1).join(".");
      problems[place] ??= message;
    }
  return result.success && Object.keys(problems).length === 0
    ? { input: result.data, problems }
    : { input: undefined, problems };
}

/** The version that a form names for a stored prompt; production if it names none. */
export function versionOf({ promptVersion }: Pick<DraftVariant, "promptVersion">): {
  version?: number;
  label?: string;
} {
  if (promptVersion === "") return {};
  return /^\d+$/.test(promptVersion) ? { version: Number(promptVersion) } : { label: promptVersion };
}

function readParameters(text: string): Record<string, unknown> | Error {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
    return new Error('Enter a JSON object such as {"temperature": 0}.');
  } catch (error) {
    return new Error(`This is not JSON: ${error instanceof Error ? error.message : ""}`);
  }
}

/** An experiment as a draft, to duplicate it with changes. */
export function draftFrom(experiment: Experiment): Draft {
  const { dataset, runs, scorers, budget } = experiment;
  return {
    ...BEGUN,
    name: `${experiment.name} copy`.slice(0, 120),
    description: experiment.description,
    datasetId: dataset.datasetId,
    version: dataset.version,
    split: dataset.split ?? "",
    filter: dataset.filter,
    limit: dataset.limit,
    seed: dataset.seed,
    variants: runs.map(({ name, variant }) => ({
      ...newVariant(name),
      model: variant?.model ?? "",
      source: variant?.prompt ? "prompt" : variant?.messages ? "messages" : "item",
      ...(variant?.messages && { messages: variant.messages.map(toDraftMessage) }),
      promptName: variant?.prompt?.name ?? "",
      promptVersion: variant?.prompt ? String(variant.prompt.version) : "",
      parameters: Object.keys(variant?.parameters ?? {}).length > 0 ? JSON.stringify(variant?.parameters) : "",
    })),
    scorers: scorers.map(
      (ref): DraftScorer =>
        "kind" in ref
          ? { id: newId(), kind: ref.kind, label: ref.name ?? ref.kind, params: ref.params }
          : {
              id: newId(),
              scorer: ref.scorer,
              label: runs[0]?.scorers.find(({ key }) => key === ref.scorer)?.name ?? ref.scorer,
            },
    ),
    repeats: experiment.repeats,
    concurrency: experiment.concurrency,
    usd: budget.usd,
    tokens: budget.tokens,
    precision: experiment.stop.precision,
    outageMinutes: experiment.maxOutageSeconds / 60,
    cache: experiment.cache,
    suite: experiment.suite ?? "",
    tags: experiment.tags.join(", "),
  };
}

const toDraftMessage = ({ role, content }: { role: string; content: string }): DraftMessage => ({
  role: PROMPT_ROLES.find((one) => one === role) ?? "user",
  content,
});

/** An unused name for the next variant: B after A. */
export function nextName(variants: readonly Pick<DraftVariant, "name">[]): string {
  const taken = new Set(variants.map(({ name }) => name));
  const letter = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index)).find(
    (name) => !taken.has(name),
  );
  return letter ?? `Variant ${variants.length + 1}`;
}
