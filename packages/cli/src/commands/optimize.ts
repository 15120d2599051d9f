import type { Answer, RequestFor } from "@treadle/sdk";
import { type Command, InvalidArgumentError, Option } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../connect.ts";
import { findDataset } from "../find-dataset.ts";
import { followJob } from "../follow-job.ts";
import { showOptimisation } from "../optimisation/show-optimisation.ts";
import { counted, inMoney } from "../suites/number-words.ts";
import { reportSuiteFailure, withUsageExit } from "../suites/report-suite-failure.ts";
import { findScorers } from "../suites/run-suite.ts";

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
      .description("search for a better version of a prompt, tested on items that the search never saw")
      .argument("<prompt>", "the name of a stored prompt")
      .requiredOption("--dataset <name>", "items with expected answers, NAME or NAME@VERSION")
      .requiredOption("--scorer <name...>", "kinds or stored scorers; the first one is made better")
      .addOption(new Option("--method <name>", "how").choices(["gepa", "few-shot", "mutations"]).default("gepa")),
  );
  withUsageExit(withNumbers(command))
    .option("--model <name>", "the model that answers (the one that the prompt names)")
    .option("--reflection-model <name>", "the model that rewrites, best a strong one (the one that answers)")
    .option("--label <label>", "where the search begins (production)")
    .option("--estimate", "say what it would take, and ask nothing")
    .addHelpText(
      "after",
      "\nExit codes: 0 a better prompt was saved as a version without a label, 3 none is better beyond doubt, 4 providers failed or the server is away, 64 wrong use.",
    )
    .action((prompt: string, flags: Flags) =>
      run(prompt, flags).catch((error: unknown) => reportSuiteFailure(error, flags)),
    );
}

const withNumbers = (command: Command) =>
  command
    .option("--prompt-version <number>", "where the search begins, in place of a label", toNumber)
    .option("--answers <count>", "the most answers of the search, the final test on top", toNumber, 300)
    .option("--usd <dollars>", "the most to be spent", toNumber)
    .option("--tokens <count>", "the most tokens, read and written (10,000,000)", toNumber)
    .option("--feedback <items>", "items that are learnt from", toNumber, 100)
    .option("--selection <items>", "items that the best is chosen by", toNumber, 60)
    .option("--test <items>", "untouched items that it is tested on", toNumber, 200)
    .option("--trials <count>", "prompts that few-shot and mutations try (16)", toNumber)
    .option("--examples <count>", "the most examples that they put in (4)", toNumber)
    .option("--concurrency <count>", "answers under way at once (8)", toNumber)
    .option("--seed <number>", "the same seed draws the same (1)", toNumber);

function toNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError("give a number above 0.");
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
    ...{ method, model, reflectionModel, trials, examples, seed, concurrency },
  };
  const estimate = await client.call("POST /api/v1/optimisations/estimate", { body });
  if (flags.estimate) return console.log(flags.json ? JSON.stringify(estimate) : inWords(estimate));
  if (!flags.json) process.stderr.write(`${inWords(estimate)}\n`);
  const { optimisationId, jobId } = await client.call("POST /api/v1/optimisations", { body });
  await followJob(client, jobId, { isQuiet: flags.json ?? false });
  const found = await client.call("GET /api/v1/optimisations/:optimisationId", { params: { optimisationId } });
  console.log(flags.json ? JSON.stringify(found) : showOptimisation(found));
  process.exitCode = found.savedVersion === null ? 3 : 0;
}

function inWords(estimate: Answer<"POST /api/v1/optimisations/estimate">): string {
  const { answers, reflections, tokens, usd, warnings } = estimate;
  const most = `At most ${counted(answers, "answer")}, ${counted(reflections, "rewrite")}, about ${counted(tokens, "token")}, ${inMoney(usd)}`;
  return [most, ...warnings].join("\n");
}
