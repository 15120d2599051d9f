import { readFileSync } from "node:fs";
import type { Client } from "@treadle/sdk";
import { type Command, Option } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { followJob } from "../../shared/follow-job.ts";
import { UsageError } from "../../shared/usage-error.ts";
import { reportSuiteFailure } from "../../suites/report-suite-failure.ts";
import { textTable } from "../../suites/text-table.ts";
import { followTraining, shortProgress, showTraining, type TrainingRun } from "../../training/follow-training.ts";

type TrainFlags = ServerFlags & { readonly detach?: boolean; readonly estimate?: boolean };
type StopFlags = ServerFlags & { readonly result?: "best" | "last" };
type ListFlags = ServerFlags & { readonly all?: boolean };

const MOST = 200;
const LOG_BYTES = 1_000_000;
/** A run that ended without a model, and one whose model is not there yet. */
const EXIT: Readonly<Record<string, number>> = { succeeded: 0, failed: 1, cancelled: 3, paused: 3 };

export function addTrain(program: Command) {
  const train = withServerFlags(
    program
      .command("train")

      .argument("<file>", "a configuration in the format of Treadle, Axolotl, LLaMA-Factory or TRL")
      .option("--detach", "start the run without following it")
      .option("--estimate", "estimate memory and time, without training")
      .helpCommand(false),
  )
    .addHelpText(
      "after",
      "\nExit codes: 0 a model was trained, 1 the run failed, 3 it was canceled or paused, 4 the server is unavailable, 64 the file is invalid.",
    )
    .action((file: string, flags: TrainFlags) => guarded(flags, () => run(file, flags)));
  add(train, ["validate <file>", "check a configuration, and that its model and data exist"], (file, flags) =>
    validate(file, flags),
  );
  add(train, ["manifest <file>", "print the Kubernetes manifest of a run, without training"], manifest);
  withServerFlags(train.command("ls").description("list runs, newest first"))
    .option("--all", "include runs that have ended")
    .action((flags: ListFlags) => guarded(flags, () => list(flags)));
  add(train, ["show <run>", "show the progress of a run, and its result or error"], async (id, flags) =>
    print(flags, await callRun(flags, "GET /api/v1/training-runs/:trainingRunId", id)),
  );
  add(train, ["logs <run>", "print the trainer's output"], (id, flags) => logs(id, flags));
  withServerFlags(train.command("stop <run>").description("end a run early: evaluate, save and keep its model"))
    .addOption(
      new Option("--result <which>", "the checkpoint that becomes the model; default: `save.result`").choices([
        "best",
        "last",
      ]),
    )
    .action((id: string, flags: StopFlags) => guarded(flags, () => stop(id, flags)));
  addControl(train, "pause", "save a checkpoint and release the machine");
  addControl(train, "resume", "continue from the last complete checkpoint");
  addControl(train, "cancel", "cancel a run; no model is saved");
}

async function stop(trainingRunId: string, flags: StopFlags): Promise<void> {
  const path = { params: { trainingRunId }, query: { result: flags.result } };
  print(flags, await connect(flags).client.call("POST /api/v1/training-runs/:trainingRunId/stop", path));
}

type Work = (argument: string, flags: ServerFlags) => Promise<void>;

function add(group: Command, [usage, description]: readonly [string, string], work: Work): void {
  withServerFlags(group.command(usage).description(description)).action((argument: string, flags: ServerFlags) =>
    guarded(flags, () => work(argument, flags)),
  );
}

const addControl = (group: Command, verb: "pause" | "resume" | "cancel", description: string) =>
  add(group, [`${verb} <run>`, description], async (id, flags) =>
    print(flags, await callRun(flags, `POST /api/v1/training-runs/:trainingRunId/${verb}`, id)),
  );

const guarded = (flags: ServerFlags, work: () => Promise<void>) =>
  work().catch((error: unknown) => reportSuiteFailure(error, flags));

function callRun(
  flags: ServerFlags,
  endpoint:
    | "GET /api/v1/training-runs/:trainingRunId"
    | `POST /api/v1/training-runs/:trainingRunId/${"pause" | "resume" | "cancel"}`,
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
    const { jobId } = await client.call("POST /api/v1/training/estimate", { body: { config } });
    await followJob(client, jobId, { isQuiet: flags.json ?? false });
    const { estimate } = await client.call("GET /api/v1/training/estimates/:jobId", { params: { jobId } });
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
  const problemLines = problems.map(({ path, message }) => `  ${path ? `${path}: ` : ""}${message}`);
  throw new UsageError([`${file} is not a valid training configuration:`, ...problemLines].join("\n"));
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
  console.log(`${file} is a valid training configuration.`);
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
      flags.all ? "No run exists yet.\n" : "No run is active. Use --all to include runs that have ended.\n",
    );
  console.log(textTable(items.map((run) => [run.trainingRunId, run.name, run.status, shortProgress(run)])));
}

async function logs(trainingRunId: string, flags: ServerFlags): Promise<void> {
  const params = { trainingRunId };
  const query = { bytes: LOG_BYTES };
  const answer = await connect(flags).client.call("GET /api/v1/training-runs/:trainingRunId/logs", { params, query });
  if (flags.json) return console.log(JSON.stringify(answer));
  if (!answer.isWhole) process.stderr.write("The beginning is omitted.\n");
  process.stdout.write(answer.text);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
