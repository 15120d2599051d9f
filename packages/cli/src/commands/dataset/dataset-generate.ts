import type { Answer, Client, RequestFor } from "@treadle/sdk";
import { type Command, Option } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { findDataset } from "../../shared/find-dataset.ts";
import { followJob } from "../../shared/follow-job.ts";
import { reportFailure } from "../../shared/report-failure.ts";
import { UsageError } from "../../shared/usage-error.ts";

type Body = RequestFor<"POST /api/v1/datasets/:datasetId/synthesis">["body"];
type Preview = Answer<"POST /api/v1/datasets/:datasetId/synthesis/preview">;
type Tally = Pick<Preview, "why" | "losses" | "spent">;
type Flags = ServerFlags & {
  readonly recipe: Body["recipe"];
  readonly model: string;
  readonly count: string;
  readonly instructions?: string;
  readonly seeds?: string;
  readonly budgetTokens?: string;
  readonly budgetUsd?: string;
  readonly judge?: string;
  readonly leastScore?: string;
  readonly criteria?: string;
  readonly temperature?: string;
  readonly maxOutputTokens?: string;
  readonly concurrency?: string;
  readonly nearDuplicates: boolean;
  readonly structured?: boolean;
  readonly licence?: string;
  readonly branch: string;
  readonly try?: string | true;
};

const CHARACTERS = 160;
const TRIES = "3";

/** Adds `generate` to the commands of datasets. */
export function addDatasetGenerate(dataset: Command) {
  withServerFlags(
    dataset
      .command("generate")
      .description("generate items with a model into the draft of a dataset, within a budget")
      .argument("<dataset>", "the name or id of the dataset")
      .addOption(
        new Option(
          "--recipe <recipe>",
          "what to generate: new items, rewritten seeds, missing answers, or pairs of answers",
        )
          .choices(["questions", "evolve", "answers", "preferences"])
          .default("questions"),
      )
      .requiredOption("--model <model>", "the model or endpoint that generates items")
      .option("--count <count>", "the number of items to generate", "50")
      .option("--instructions <text>", "what the items are about, and how to write them")
      .option("--seeds <dataset@version>", "the items to start from (default: the draft)")
      .option("--budget-tokens <count>", "the token budget of all calls, input and output (default: 1000000)")
      .option("--budget-usd <amount>", "the budget of all calls in US dollars; requires models with a known price")
      .option("--judge <model>", "the model that scores each item from 1 to 10, or compares two answers")
      .option("--least-score <score>", "the lowest accepted score of the judge (default: 7)")
      .option("--criteria <text>", "criteria for a good item, for the judge")
      .option("--temperature <number>", "the temperature of the model (default: 0.9)")
      .option("--max-output-tokens <count>", "the output tokens per call (default: 1024)")
      .option("--concurrency <count>", "the number of parallel calls (default: 4)")
      .option("--no-near-duplicates", "keep near-duplicates; exact duplicates are still dropped")
      .option("--structured", "request answers that follow a JSON schema, for models that support structured output")
      .option("--licence <terms>", "the license of the model's output, stored in each item")
      .option("--branch <name>", "the branch whose draft changes", "main")
      .option("--try [calls]", "generate a few items and show them; the calls cost money, and nothing is written"),
  )
    .addHelpText("after", "\nCtrl-C cancels the job. A retry continues with the items generated so far.")
    .action((named: string, flags: Flags) => run(named, flags).catch((error: unknown) => reportFailure(error, flags)));
}

async function run(named: string, flags: Flags) {
  const { client } = connect(flags);
  const body = await readBody(client, flags);
  const { datasetId } = await findDataset(client, named);
  const params = { datasetId };
  if (flags.try !== undefined) {
    const tries = toNumber("--try", flags.try === true ? TRIES : flags.try);
    const place = { params, body: { ...body, tries } };
    return showPreview(await client.call("POST /api/v1/datasets/:datasetId/synthesis/preview", place), flags);
  }
  const { jobId } = await client.call("POST /api/v1/datasets/:datasetId/synthesis", { params, body });
  const job = await followJob(client, jobId, { isQuiet: flags.json ?? false });
  if (flags.json) return console.log(JSON.stringify(job));
  const { added, changed, ...tally } = resultOf(job.result);
  console.log(`${added} items added${changed > 0 ? `, ${changed} answered` : ""}`);
  showTally(tally);
  console.log(`Review them, then undo or commit them in the draft of ${flags.branch}.`);
}

async function readBody(client: Client, flags: Flags): Promise<Body> {
  const { recipe, model, instructions, criteria, licence, branch, nearDuplicates } = flags;
  const { tokens, usd } = {
    tokens: ifGiven("--budget-tokens", flags.budgetTokens),
    usd: ifGiven("--budget-usd", flags.budgetUsd),
  };
  if (flags.judge === undefined && (flags.leastScore ?? criteria) !== undefined)
    throw new UsageError("--least-score and --criteria need a judge. Add --judge.");
  return {
    recipe,
    model,
    instructions,
    licence,
    branch,
    nearDuplicates,
    count: toNumber("--count", flags.count),
    seeds: flags.seeds === undefined ? undefined : await readSeeds(client, flags.seeds),
    budget: { tokens, usd },
    judge:
      flags.judge === undefined
        ? undefined
        : { model: flags.judge, threshold: ifGiven("--least-score", flags.leastScore), criteria },
    temperature: ifGiven("--temperature", flags.temperature),
    maxOutputTokens: ifGiven("--max-output-tokens", flags.maxOutputTokens),
    concurrency: ifGiven("--concurrency", flags.concurrency),
    isStructured: flags.structured,
  };
}

async function readSeeds(client: Client, text: string) {
  const [named = "", version] = text.split("@");
  return { datasetId: (await findDataset(client, named)).datasetId, version };
}

const ifGiven = (flag: string, text: string | undefined) => (text === undefined ? undefined : toNumber(flag, text));

function toNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new UsageError(`${flag} must be a number, not "${text}".`);
  return value;
}

function showPreview(preview: Preview, { json }: Flags) {
  if (json) return console.log(JSON.stringify(preview));
  for (const { item, loss, score, reason } of preview.items) {
    const judged = score === null ? "" : ` ${score} of 10${reason ? `, ${reason}` : ""}`;
    console.log(`${loss === null ? "kept" : `dropped (${loss})`}${judged}`);
    console.log(`  ${brief(item.inputs)} → ${brief(item.expected)}`);
  }
  showTally(preview);
  const { forecast } = preview;
  if (forecast) {
    const cost = forecast.usd === null ? "" : `, ${forecast.usd.toFixed(4)} US dollars`;
    console.log(`All items would use about ${Math.round(forecast.tokens)} tokens${cost}.`);
  }
}

function showTally({ why, losses, spent }: Tally) {
  for (const { loss, count } of losses) console.log(`  ${count} lost: ${loss}`);
  const cost = spent.unpricedCalls > 0 ? "unknown cost" : `${spent.usd.toFixed(4)} US dollars`;
  console.log(`${why} ${spent.calls} calls, ${spent.tokens} tokens, ${cost}.`);
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > CHARACTERS ? `${text.slice(0, CHARACTERS)}…` : text;
}

/** The result of the job, which does not depend on the kind of job. */
function resultOf(result: unknown): Tally & { readonly added: number; readonly changed: number } {
  if (isResult(result)) return result;
  throw new Error("The job ended without a result.");
}

const isResult = (value: unknown): value is ReturnType<typeof resultOf> =>
  typeof value === "object" &&
  value !== null &&
  "why" in value &&
  "losses" in value &&
  "spent" in value &&
  "added" in value;
