import type { SweepBody } from "./use-sweeps.ts";

/** One searched setting, as it is edited. */
export type DraftDimension = {
  readonly id: string;
  readonly path: string;
  readonly kind: "values" | "range";
  /** Separated by commas. */
  readonly values: string;
  readonly min: string;
  readonly max: string;
  readonly log: boolean;
};

export type SweepDraft = {
  readonly name: string;
  readonly dimensions: readonly DraftDimension[];
  readonly method: "tpe" | "random" | "grid";
  readonly pruner: "median" | "asha" | "none";
  readonly trials: number | null;
  readonly repeats: number | null;
  readonly maxMinutes: number | null;
};

const dimension = (path: string, more: Partial<DraftDimension>): DraftDimension => ({
  id: path,
  path,
  kind: "values",
  values: "",
  min: "",
  max: "",
  log: false,
  ...more,
});

/** The usual search space: the learning rate and the adapter rank. */
export const BEGUN: SweepDraft = {
  name: "",
  dimensions: [
    dimension("learning_rate", { kind: "range", min: "0.00002", max: "0.002", log: true }),
    dimension("lora.r", { values: "4, 8, 16" }),
  ],
  method: "tpe",
  pruner: "median",
  trials: 12,
  repeats: 3,
  maxMinutes: null,
};

/** Settings that a sweep can search, for autocompletion. */
export const SEARCHABLE = [
  "learning_rate",
  "lora.r",
  "lora.alpha",
  "lora.dropout",
  "micro_batch_size",
  "gradient_accumulation_steps",
  "num_epochs",
  "max_steps",
  "lr_scheduler",
  "warmup",
  "weight_decay",
  "max_grad_norm",
  "sequence_len",
  "beta",
] as const;

const WHOLE = new Set(["lora.r", "micro_batch_size", "gradient_accumulation_steps", "max_steps", "sequence_len"]);

export const newDimension = (id: string): DraftDimension => dimension("", { id });

type Read = { readonly body: SweepBody | undefined; readonly problems: Readonly<Record<string, string>> };

/** The sweep as an API request, with errors by field: `name`, `trials`, or the id of a setting. */
export function readSweep(draft: SweepDraft, config: SweepBody["config"] | undefined): Read {
  const problems: Record<string, string> = {};
  if (draft.name.trim() === "") problems.name = "Enter a name.";
  if (draft.dimensions.length === 0) problems.dimensions = "Add at least one setting.";
  const search: SweepBody["search"] = {};
  for (const one of draft.dimensions) {
    const read = readDimension(one);
    if (typeof read === "string") problems[one.id] = read;
    else if (one.path in search) problems[one.id] = "This setting is already in the sweep.";
    else search[one.path] = read;
  }
  if (draft.trials === null || draft.trials < 1) problems.trials = "Enter at least 1.";
  const { method, pruner } = draft;
  const body = config !== undefined && {
    name: draft.name.trim(),
    config,
    search,
    method,
    pruner,
    trials: draft.trials ?? 1,
    repeats: draft.repeats ?? 0,
    maxMinutes: draft.maxMinutes,
  };
  return { body: Object.keys(problems).length === 0 && body ? body : undefined, problems };
}

function readDimension({ path, kind, values, min, max, log }: DraftDimension): SweepBody["search"][string] | string {
  if (path.trim() === "") return "Choose a setting.";
  if (kind === "range") {
    const [low, high] = [Number(min), Number(max)];
    if (min.trim() === "" || max.trim() === "" || Number.isNaN(low) || Number.isNaN(high)) return "Enter two numbers.";
    if (low >= high) return "The minimum must be less than the maximum.";
    if (log && low <= 0) return "On a log scale the minimum must be above 0.";
    return { min: low, max: high, log, whole: WHOLE.has(path) };
  }
  const list = values
    .split(",")
    .map((value) => value.trim())
    .filter(Boolean);
  if (list.length === 0) return "Enter values separated by commas.";
  return { values: list.map((value) => (Number.isNaN(Number(value)) ? value : Number(value))) };
}
