import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { readShape, SweepInput } from "@treadle/contract";
import type { Answer, Client } from "@treadle/sdk";
import type { Command } from "commander";
import { parse } from "yaml";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { UsageError } from "../../shared/usage-error.ts";
import { reportSuiteFailure } from "../../suites/report-suite-failure.ts";
import { textTable } from "../../suites/text-table.ts";

type Flags = ServerFlags & { readonly detach?: boolean };
type Sweep = Answer<"GET /api/v1/sweeps/:sweepId">;

const POLL_MS = 1_000;
const EXIT: Readonly<Record<string, number>> = { done: 0, failed: 1, cancelled: 3 };

export function addSweep(program: Command) {
  withServerFlags(
    program
      .command("sweep")

      .argument("<file>", "YAML with `name`, `config` (a training configuration) and `search`")
      .option("--detach", "start the sweep without following it"),
  )
    .addHelpText(
      "after",
      "\nExit codes: 0 the sweep finished, 1 it failed, 3 it was canceled, 4 the server is unavailable, 64 the file is invalid.",
    )
    .action((file: string, flags: Flags) =>
      run(file, flags).catch((error: unknown) => reportSuiteFailure(error, flags)),
    );
}

async function run(file: string, flags: Flags): Promise<void> {
  const { client } = connect(flags);
  const started = await client.call("POST /api/v1/sweeps", { body: readSweep(file) });
  if (!flags.json) process.stderr.write(`${started.sweepId}: searching ${Object.keys(started.search).join(", ")}\n`);
  const ended = flags.detach ? started : await follow(client, started, flags.json ?? false);
  console.log(flags.json ? JSON.stringify(ended) : showSweep(ended));
  process.exitCode = EXIT[ended.status] ?? 0;
}

/** Throws a `UsageError` that says all that is wrong with the file. */
function readSweep(file: string): SweepInput {
  let given: unknown;
  try {
    given = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const read = readShape(SweepInput, given);
  if (read.success) return read.data;
  const issues = read.error.issues.map(
    ({ path, message }) => `  ${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`,
  );
  throw new UsageError([`${file} is not a valid sweep:`, ...issues].join("\n"));
}

async function follow(client: Client, started: Sweep, isQuiet: boolean): Promise<Sweep> {
  const params = { sweepId: started.sweepId };
  const printedSteps = new Set<number>();
  for (let sweep = started; ; sweep = await client.call("GET /api/v1/sweeps/:sweepId", { params })) {
    for (const trial of sweep.trialList) {
      if (trial.status === "running" || printedSteps.has(trial.number)) continue;
      printedSteps.add(trial.number);
      if (!isQuiet) process.stderr.write(`${lineOf(trial, sweep.metric)}\n`);
    }
    if (sweep.status !== "queued" && sweep.status !== "running") return sweep;
    await delay(POLL_MS);
  }
}

const inWords = (params: Sweep["trialList"][number]["params"]) =>
  Object.entries(params)
    .map(([path, value]) => `${path} ${value}`)
    .join(", ");

const lineOf = ({ number, status, params, value, message }: Sweep["trialList"][number], metric: string) =>
  `${number + 1}  ${status === "pruned" ? "stopped early" : status}  ${inWords(params)}${value === null ? "" : `  ${metric} ${value.toPrecision(4)}`}${message && `  ${message}`}`;

/** The best settings, how far to trust them, and which settings matter. */
export function showSweep({ sweepId, name, status, message, metric, result, trialList }: Sweep): string {
  const best = trialList.find(({ number }) => number === result.best);
  const { repeats } = result;
  const interval =
    repeats && repeats.low !== null && repeats.high !== null
      ? ` [${repeats.low.toPrecision(4)}, ${repeats.high.toPrecision(4)}]`
      : "";
  const lines = [
    `${sweepId}  ${name}  ${status}`,
    message,
    best ? `best      trial ${best.number + 1}: ${inWords(best.params)}` : "",
    result.value === null ? "" : `${metric.padEnd(9)} ${result.value.toPrecision(4)}`,
    repeats ? `again     ${repeats.mean.toPrecision(4)}${interval} over ${repeats.values.length} other seeds` : "",
    result.importance.length > 0
      ? textTable(
          result.importance.map(({ setting, share }) => [setting, `${Math.round(share * 100)} %`]),
          (column) => column === 1,
        )
      : "",
    ...result.warnings,
  ];
  return lines.filter(Boolean).join("\n");
}
