import { readFileSync } from "node:fs";
import type { Client } from "@treadle/sdk";
import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../connect.ts";
import { reportSuiteFailure, withUsageExit } from "../suites/report-suite-failure.ts";
import { UsageError } from "../suites/suite-error.ts";
import { textTable } from "../suites/text-table.ts";
import { followTraining, shortProgress, showTraining, type TrainingRun } from "../training/follow-training.ts";

type TrainFlags = ServerFlags & { readonly detach?: boolean; readonly estimate?: boolean };
type ListFlags = ServerFlags & { readonly all?: boolean };

const MOST = 200;
const LOG_BYTES = 1_000_000;
/** A run that ended without a model, and one whose model is not there yet. */
const EXIT: Readonly<Record<string, number>> = { succeeded: 0, failed: 1, cancelled: 3, paused: 3 };

export function addTrain(program: Command) {
  const train = withServerFlags(
    program
      .command("train")
      .description("train a model as a file of YAML says, and follow the run")
      .argument("<file>", "a configuration in the words of Treadle, Axolotl, LLaMA-Factory or TRL")
      .option("--detach", "start the run and do not follow it")
      .option("--estimate", "say what it would take, and train nothing")
      .helpCommand(false),
  )
    .addHelpText(
      "after",
      "\nExit codes: 0 a model was made, 1 it failed, 3 it was cancelled or paused, 4 the server is away, 64 the file is wrong.",
    )
    .action((file: string, flags: TrainFlags) => guarded(flags, () => run(file, flags)));
  withUsageExit(train);
  add(train, ["validate <file>", "say all that is wrong with a configuration"], (file, flags) => validate(file, flags));
  add(train, ["manifest <file>", "the Kubernetes manifest that a run would send, and train nothing"], manifest);
  withServerFlags(train.command("ls").description("runs, newest first"))
    .option("--all", "those that have ended too")
    .action((flags: ListFlags) => guarded(flags, () => list(flags)));
  add(train, ["show <run>", "how far a run is, what it gave or why it failed"], async (id, flags) =>
    print(flags, await callRun(flags, "GET /api/v1/training-runs/:trainingRunId", id)),
  );
  add(train, ["logs <run>", "what the trainer printed"], (id, flags) => logs(id, flags));
  addControl(train, "stop", "end a run early; what it has learnt is its result");
  addControl(train, "pause", "save and let the machine go");
  addControl(train, "resume", "go on from the last whole checkpoint");
  addControl(train, "cancel", "break a run off; it gives no model");
}

type Work = (argument: string, flags: ServerFlags) => Promise<void>;

function add(group: Command, [usage, description]: readonly [string, string], work: Work): void {
  withServerFlags(group.command(usage).description(description)).action((argument: string, flags: ServerFlags) =>
    guarded(flags, () => work(argument, flags)),
  );
}

const addControl = (group: Command, verb: "stop" | "pause" | "resume" | "cancel", description: string) =>
  add(group, [`${verb} <run>`, description], async (id, flags) =>
    print(flags, await callRun(flags, `POST /api/v1/training-runs/:trainingRunId/${verb}`, id)),
  );

const guarded = (flags: ServerFlags, work: () => Promise<void>) =>
  work().catch((error: unknown) => reportSuiteFailure(error, flags));

function callRun(
  flags: ServerFlags,
  endpoint:
    | "GET /api/v1/training-runs/:trainingRunId"
    | `POST /api/v1/training-runs/:trainingRunId/${"stop" | "pause" | "resume" | "cancel"}`,
  trainingRunId: string,
): Promise<TrainingRun> {
  return connect(flags).client.call(endpoint, { params: { trainingRunId } });
}

function print(flags: ServerFlags, run: TrainingRun): void {
  console.log(flags.json ? JSON.stringify(run) : showTraining(run));
}

async function run(file: string, flags: TrainFlags): Promise<void> {
  const { client } = connect(flags);
  const config = textOf(file);
  await check(client, file, config);
  if (flags.estimate) {
    const estimate = await client.call("POST /api/v1/training/estimate", { body: { config } });
    return console.log(JSON.stringify(estimate, null, flags.json ? 0 : 2));
  }
  const started = await client.call("POST /api/v1/training-runs", { body: { config } });
  if (flags.detach) return print(flags, started);
  if (!flags.json) process.stderr.write(`${started.trainingRunId}: training ${started.name}\n`);
  const ended = await followTraining(client, started, { isQuiet: flags.json ?? false });
  print(flags, ended);
  process.exitCode = EXIT[ended.status] ?? 0;
}

/** Tells what was left out, and throws all that is wrong. */
async function check(client: Client, file: string, config: string): Promise<void> {
  const { problems, warnings } = await client.call("POST /api/v1/training/validate", { body: { config } });
  for (const warning of warnings) process.stderr.write(`treadle: ${warning}\n`);
  if (problems.length === 0) return;
  const told = problems.map(({ path, message }) => `  ${path ? `${path}: ` : ""}${message}`);
  throw new UsageError([`${file} is no configuration that can be trained:`, ...told].join("\n"));
}

async function validate(file: string, flags: ServerFlags): Promise<void> {
  const { client } = connect(flags);
  const config = textOf(file);
  if (flags.json) {
    const answer = await client.call("POST /api/v1/training/validate", { body: { config } });
    console.log(JSON.stringify(answer));
    if (answer.problems.length > 0) process.exitCode = 64;
    return;
  }
  await check(client, file, config);
  console.log(`${file} can be trained.`);
}

/** On standard output as it is, so that it can be put into a file or into `kubectl`. */
async function manifest(file: string, flags: ServerFlags): Promise<void> {
  const { client } = connect(flags);
  const config = textOf(file);
  await check(client, file, config);
  const told = await client.call("POST /api/v1/training/manifest", { body: { config } });
  if (flags.json) return console.log(JSON.stringify(told));
  process.stdout.write(told.yaml);
}

async function list(flags: ListFlags): Promise<void> {
  const query = { limit: MOST, status: flags.all ? undefined : ("active" as const) };
  const { items } = await connect(flags).client.call("GET /api/v1/training-runs", { query });
  if (flags.json) return console.log(JSON.stringify(items));
  if (items.length === 0)
    return void process.stderr.write(
      flags.all ? "Nothing was trained yet.\n" : "Nothing is being trained. With --all, what has ended.\n",
    );
  console.log(textTable(items.map((run) => [run.trainingRunId, run.name, run.status, shortProgress(run)])));
}

async function logs(trainingRunId: string, flags: ServerFlags): Promise<void> {
  const params = { trainingRunId };
  const query = { bytes: LOG_BYTES };
  const answer = await connect(flags).client.call("GET /api/v1/training-runs/:trainingRunId/logs", { params, query });
  if (flags.json) return console.log(JSON.stringify(answer));
  if (!answer.isWhole) process.stderr.write("The beginning is left out.\n");
  process.stdout.write(answer.text);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
