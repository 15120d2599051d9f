import { readFileSync } from "node:fs";
import type { Answer, Client } from "@treadle/sdk";
import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { findDataset } from "../../shared/find-dataset.ts";
import { followJob } from "../../shared/follow-job.ts";
import { reportFailure } from "../../shared/report-failure.ts";
import { UsageError } from "../../shared/usage-error.ts";

type Flags = ServerFlags & {
  readonly step: string[];
  readonly recipe?: string;
  readonly recipeOf?: string;
  readonly branch: string;
  readonly preview?: boolean;
  readonly rows: string;
  readonly listSteps?: boolean;
};
type Choice = { readonly stepId: string; readonly params: Record<string, unknown> };
type Steps = Answer<"GET /api/v1/curation/steps">["items"];
type Outcome = Pick<
  Answer<"POST /api/v1/datasets/:datasetId/curation/preview">,
  "stepId" | "rows" | "removed" | "edited" | "rules"
> & { readonly notes?: readonly string[] };

/** Adds `curate` to the commands of datasets. */
export function addDatasetCurate(dataset: Command) {
  withServerFlags(
    dataset
      .command("curate")
      .description("run curation steps on the draft of a dataset, or preview them")
      .argument("[dataset]", "the name or id of the dataset")
      .option(
        "--step <step>",
        'a step, such as quality, quality:gopher or \'language={"keep":["en"]}\'; may be given again',
        (step, all: string[]) => [...all, step],
        [],
      )
      .option("--recipe <file>", "a JSON file { steps: [{ stepId, params }] }")
      .option("--recipe-of <dataset@version>", "the steps of a version of this or another dataset")
      .option("--branch <name>", "the branch whose draft changes", "main")
      .option("--preview", "show what each step would do, and change nothing")
      .option("--rows <count>", "the number of items to preview", "10000")
      .option("--list-steps", "list the steps with their presets"),
  ).action((named: string | undefined, flags: Flags) =>
    run(named, flags).catch((error: unknown) => reportFailure(error, flags)),
  );
}

async function run(named: string | undefined, flags: Flags) {
  const { client } = connect(flags);
  const { items: steps } = await client.call("GET /api/v1/curation/steps");
  if (flags.listSteps) return showSteps(steps, flags);
  if (named === undefined) throw new UsageError("Name a dataset, or list the steps with --list-steps.");
  const { datasetId } = await findDataset(client, named);
  const choices = readChoices(flags, steps);
  if (flags.preview) return preview(client, datasetId, { choices, flags });
  const from = choices.length === 0 ? await readRecipeOf(client, flags) : undefined;
  const { jobId } = await client.call("POST /api/v1/datasets/:datasetId/curation/apply", {
    params: { datasetId },
    body: { branch: flags.branch, ...(from ? { recipeOf: from } : { steps: choices }) },
  });
  const job = await followJob(client, jobId, { isQuiet: flags.json ?? false });
  if (flags.json) return console.log(JSON.stringify(job));
  for (const outcome of outcomesOf(job.result))
    console.log([lineOf(outcome), ...(outcome.notes ?? []).map((note) => `  ${note}`)].join("\n"));
  console.log(`Undo or commit it in the draft of ${flags.branch}.`);
}

async function preview(
  client: Client,
  datasetId: string,
  { choices, flags }: { choices: readonly Choice[]; flags: Flags },
) {
  if (choices.length === 0) throw new UsageError("A preview needs --step or --recipe.");
  for (const step of choices) {
    const outcome = await client.call("POST /api/v1/datasets/:datasetId/curation/preview", {
      params: { datasetId },
      body: { branch: flags.branch, step, rows: toRows(flags.rows), samples: 5 },
    });
    if (flags.json) console.log(JSON.stringify(outcome));
    else {
      console.log(`${lineOf(outcome)}${outcome.rows < outcome.totalRows ? ` (of ${outcome.totalRows})` : ""}`);
      for (const note of outcome.notes) console.log(`  ${note}`);
      for (const { item, reason } of outcome.samples) console.log(`  ${item.itemId}: ${reason}`);
    }
  }
}

function toRows(text: string): number {
  const rows = Number(text);
  if (!Number.isInteger(rows) || rows < 1)
    throw new UsageError(`--rows must be a whole number of at least 1, not "${text}".`);
  return rows;
}

/** From `--step` in order, then from the file of `--recipe`. */
function readChoices({ step, recipe, recipeOf }: Flags, steps: Steps): Choice[] {
  const given = [step.length > 0, recipe !== undefined, recipeOf !== undefined].filter(Boolean).length;
  if (given !== 1) throw new UsageError("Add one of --step, --recipe and --recipe-of.");
  if (recipe === undefined) return step.map((text) => readStep(text, steps));
  const read: unknown = JSON.parse(readFileSync(recipe, "utf8"));
  const list = isRecord(read) ? read.steps : read;
  if (!Array.isArray(list)) throw new UsageError(`${recipe} contains no \`steps\`.`);
  return list.map((entry: unknown, place) => {
    if (!isRecord(entry) || typeof entry.stepId !== "string")
      throw new UsageError(`${recipe}: step ${place + 1} has no \`stepId\`.`);
    return { stepId: entry.stepId, params: isRecord(entry.params) ? entry.params : {} };
  });
}

/** `id`, `id:preset`, `id={…}` or `id:preset={…}`. The parameters override the parameters of the preset. */
function readStep(text: string, steps: Steps): Choice {
  const { id = "", preset, json } = /^(?<id>[\w-]+)(?::(?<preset>[\w-]+))?(?:=(?<json>.*))?$/s.exec(text)?.groups ?? {};
  const step = steps.find(({ stepId }) => stepId === id);
  if (!step)
    throw new UsageError(
      `There is no step "${id || text}". Available steps: ${steps.map(({ stepId }) => stepId).join(", ")}.`,
    );
  const chosen = step.presets.find(({ presetId }) => presetId === preset);
  if (preset !== undefined && !chosen)
    throw new UsageError(
      `The step "${id}" has no preset "${preset}". Available presets: ${step.presets.map(({ presetId }) => presetId).join(", ") || "none"}.`,
    );
  return { stepId: id, params: { ...chosen?.params, ...(json === undefined ? {} : readParams(id, json)) } };
}

function readParams(id: string, json: string): Record<string, unknown> {
  try {
    const params: unknown = JSON.parse(json);
    if (isRecord(params)) return params;
  } catch {
    // Said below, with how it is written.
  }
  throw new UsageError(
    `The parameters of "${id}" are not a JSON object. Write them like this: '${id}={"action":"flag"}'.`,
  );
}

async function readRecipeOf(client: Client, { recipeOf = "" }: Flags) {
  const [named = "", version = "main"] = recipeOf.split("@");
  return { datasetId: (await findDataset(client, named)).datasetId, version };
}

function showSteps(steps: Steps, { json }: Flags) {
  if (json) return console.log(JSON.stringify({ items: steps }));
  for (const { stepId, description, presets } of steps) {
    const names = presets.map(({ presetId }) => presetId).join(", ");
    console.log(`${stepId}${names ? ` (presets: ${names})` : ""}\n  ${description}`);
  }
}

function lineOf({ stepId, rows, removed, edited, rules }: Outcome): string {
  const why = rules
    .slice(0, 5)
    .map((rule) => `${rule.rule} ${rule.removed + rule.edited}`)
    .join(", ");
  return `${stepId}: ${removed} removed, ${edited} edited of ${rows}${why ? ` (${why})` : ""}`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The outcomes in the result of a job, which knows nothing of what it ran. */
const outcomesOf = (result: unknown): Outcome[] =>
  isRecord(result) && Array.isArray(result.outcomes) ? result.outcomes : [];
