import type { Answer, Client, RequestFor } from "@treadle/sdk";
import { type Command, Option } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../connect.ts";
import { findDataset } from "../find-dataset.ts";
import { followJob } from "../follow-job.ts";
import { reportFailure } from "../report-failure.ts";

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
      .description("have a model write items into the draft of a dataset, within a budget")
      .argument("<dataset>", "its name or id")
      .addOption(
        new Option("--recipe <recipe>", "new items, seeds rewritten, missing answers, or pairs of answers")
          .choices(["questions", "evolve", "answers", "preferences"])
          .default("questions"),
      )
      .requiredOption("--model <model>", "who writes: a model or an endpoint of the gateway")
      .option("--count <count>", "how many items are wanted", "50")
      .option("--instructions <text>", "what the items are about, and how they should be")
      .option("--seeds <dataset@version>", "the items to start from (the draft itself)")
      .option("--budget-tokens <count>", "what all calls may read and write (1000000)")
      .option("--budget-usd <amount>", "what all calls may cost; needs models whose price is known")
      .option("--judge <model>", "who scores each item from 1 to 10, or says which answer is better")
      .option("--least-score <score>", "items the judge scores below it are dropped (7)")
      .option("--criteria <text>", "what a good item is, for the judge")
      .option("--temperature <number>", "how freely the model writes (0.9)")
      .option("--max-output-tokens <count>", "of each call (1024)")
      .option("--concurrency <count>", "calls that run at once (4)")
      .option("--no-near-duplicates", "leave near-duplicates in; exact ones are dropped all the same")
      .option("--structured", "hold answers to a JSON schema, for models that can be held to one")
      .option("--licence <terms>", "the terms of the model's output, noted in each item")
      .option("--branch <name>", "the branch whose draft is changed", "main")
      .option("--try [calls]", "only make a few and show them; they are paid for, and nothing is written"),
  )
    .addHelpText("after", "\nAn interrupt cancels the work. What was made until then is kept for a further try.")
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
  console.log(`Look at them, then undo or commit them in the draft of ${flags.branch}.`);
}

async function readBody(client: Client, flags: Flags): Promise<Body> {
  const { recipe, model, instructions, criteria, licence, branch, nearDuplicates } = flags;
  const { tokens, usd } = {
    tokens: ifGiven("--budget-tokens", flags.budgetTokens),
    usd: ifGiven("--budget-usd", flags.budgetUsd),
  };
  if (flags.judge === undefined && (flags.leastScore ?? criteria) !== undefined)
    throw new Error("--least-score and --criteria are for a judge. Name one with --judge.");
  return {
    ...{ recipe, model, instructions, licence, branch, nearDuplicates },
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
  if (text.trim() === "" || !Number.isFinite(value)) throw new Error(`${flag} takes a number, and not "${text}".`);
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
    console.log(`All of them would take about ${Math.round(forecast.tokens)} tokens${cost}.`);
  }
}

function showTally({ why, losses, spent }: Tally) {
  for (const { loss, count } of losses) console.log(`  ${count} lost: ${loss}`);
  const cost = spent.unpricedCalls > 0 ? "a price nobody knows" : `${spent.usd.toFixed(4)} US dollars`;
  console.log(`${why} ${spent.calls} calls, ${spent.tokens} tokens, ${cost}.`);
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > CHARACTERS ? `${text.slice(0, CHARACTERS)}…` : text;
}

/** What came of the job, which knows nothing of what it ran. */
function resultOf(result: unknown): Tally & { readonly added: number; readonly changed: number } {
  if (isResult(result)) return result;
  throw new Error("The job does not say what became of the items.");
}

const isResult = (value: unknown): value is ReturnType<typeof resultOf> =>
  typeof value === "object" &&
  value !== null &&
  "why" in value &&
  "losses" in value &&
  "spent" in value &&
  "added" in value;
