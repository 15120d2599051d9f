import type { Answer, RequestFor } from "@treadle/sdk";
import { type Command, InvalidArgumentError, Option } from "commander";
import { showOptimisation } from "../../optimisation/show-optimisation.ts";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { findDataset } from "../../shared/find-dataset.ts";
import { followJob } from "../../shared/follow-job.ts";
import { counted, inMoney } from "../../suites/number-words.ts";
import { reportSuiteFailure } from "../../suites/report-suite-failure.ts";
import { findScorers } from "../../suites/run-suite.ts";

type Order = RequestFor<"POST /api/v1/optimisations">["body"];
type Flags = ServerFlags & {
  readonly dataset: string;
  readonly scorer: readonly string[];
  readonly method: "gepa" | "few-shot" | "mutations";
  readonly model?: string;
  readonly reflectionModel?: string;
  readonly label?: string;
  readonly promptVersion?: number;
  readonly trials?: number;
  readonly examples?: number;
  readonly seed?: number;
  readonly concurrency?: number;
  readonly answers: number;
  readonly usd?: number;
  readonly tokens?: number;
  readonly feedback: number;
  readonly selection: number;
  readonly test: number;
  readonly estimate?: boolean;
};

export function addOptimize(program: Command) {
  const command = withServerFlags(
    program
      .command("optimize")
      .alias("optimise")

      .argument("<prompt>", "the name of a stored prompt")
      .requiredOption("--dataset <name>", "the dataset with expected answers, NAME or NAME@VERSION")
      .requiredOption("--scorer <name...>", "kinds or stored scorers; the first one is optimized")
      .addOption(new Option("--method <name>", "how").choices(["gepa", "few-shot", "mutations"]).default("gepa")),
  );
  withNumbers(command)
    .option("--model <name>", "the model that answers (default: the prompt's model)")
    .option(
      "--reflection-model <name>",
      "the model that rewrites the prompt, preferably a strong model (default: the model that answers)",
    )
    .option("--label <label>", "the label to start from (default: production)")
    .option("--estimate", "show an estimate without calling a model")
    .addHelpText(
      "after",
      "\nExit codes: 0 a better prompt was saved as a version without a label, 3 no prompt is significantly better, 4 providers failed or the server is unavailable, 64 wrong use.",
    )
    .action((prompt: string, flags: Flags) =>
      run(prompt, flags).catch((error: unknown) => reportSuiteFailure(error, flags)),
    );
}

const withNumbers = (command: Command) =>
  command
    .option("--prompt-version <number>", "the version to start from, instead of a label", toNumber)
    .option("--answers <count>", "the maximum number of answers in the search, without the final test", toNumber, 300)
    .option("--usd <dollars>", "the budget in US dollars", toNumber)
    .option("--tokens <count>", "the token budget, input and output (default: 10,000,000)", toNumber)
    .option("--feedback <items>", "the number of items for feedback", toNumber, 100)
    .option("--selection <items>", "the number of items for selection", toNumber, 60)
    .option("--test <items>", "the number of unseen items for the final test", toNumber, 200)
    .option("--trials <count>", "the number of prompts that few-shot and mutations try (default: 16)", toNumber)
    .option("--examples <count>", "the maximum number of examples that they add (default: 4)", toNumber)
    .option("--concurrency <count>", "the number of parallel answers (default: 8)", toNumber)
    .option("--seed <number>", "the random seed (default: 1)", toNumber);

function toNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError("use a number above 0.");
  return value;
}

async function run(prompt: string, flags: Flags) {
  const { client } = connect(flags);
  const [name = flags.dataset, version = "main"] = flags.dataset.split("@");
  const { datasetId } = await findDataset(client, name);
  const { usd, tokens, answers, feedback, selection, test, label, promptVersion } = flags;
  const { method, model, reflectionModel, trials, examples, seed, concurrency } = flags;
  const body: Order = {
    name: `Optimise ${prompt}`.slice(0, 100),
    prompt: { name: prompt, ...(promptVersion === undefined ? { label } : { version: promptVersion }) },
    dataset: { datasetId, version },
    scorers: (await findScorers(client, [...flags.scorer])) ?? [],
    parts: { feedback, selection, test },
    budget: { answers, ...(usd !== undefined && { usd }), ...(tokens !== undefined && { tokens }) },
    method,
    model,
    reflectionModel,
    trials,
    examples,
    seed,
    concurrency,
  };
  const estimate = await client.call("POST /api/v1/optimisations/estimate", { body });
  if (flags.estimate) return console.log(flags.json ? JSON.stringify(estimate) : inWords(estimate));
  if (!flags.json) process.stderr.write(`${inWords(estimate)}\n`);
  const { optimisationId, jobId } = await client.call("POST /api/v1/optimisations", { body });
  await followJob(client, jobId, { isQuiet: flags.json ?? false });
  const optimisation = await client.call("GET /api/v1/optimisations/:optimisationId", { params: { optimisationId } });
  console.log(flags.json ? JSON.stringify(optimisation) : showOptimisation(optimisation));
  process.exitCode = optimisation.savedVersion === null ? 3 : 0;
}

function inWords(estimate: Answer<"POST /api/v1/optimisations/estimate">): string {
  const { answers, reflections, tokens, usd, warnings } = estimate;
  const most = `At most ${counted(answers, "answer")}, ${counted(reflections, "rewrite")}, about ${counted(tokens, "token")}, ${inMoney(usd)}`;
  return [most, ...warnings].join("\n");
}
