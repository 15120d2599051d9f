import { createInterface } from "node:readline/promises";
import type { Answer, Client } from "@treadle/sdk";
import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { followJob } from "../../shared/follow-job.ts";
import { reportFailure } from "../../shared/report-failure.ts";
import { inMegabytes } from "../../shared/show-job.ts";
import { counted } from "../../suites/number-words.ts";
import { textTable } from "../../suites/text-table.ts";

type TrainerFlags = ServerFlags & { readonly onnx?: boolean };
type InstallFlags = TrainerFlags & { readonly plan?: boolean; readonly yes?: boolean };
type Trainer = Answer<"GET /api/v1/trainer">;

/** The Python that trains models, on the machine of the server. */
export function addTrainer(program: Command) {
  const group = program
    .command("trainer")

    .helpCommand(false);
  withServerFlags(
    group
      .command("install")
      .description("create a Python environment in the data folder and install the training packages"),
  )
    .option("--onnx", "the packages that write ONNX, in a separate environment")
    .option("--plan", "show the downloads with their sizes, and install nothing")
    .option("--yes", "download without asking")
    .action((flags: InstallFlags) => install(flags).catch((error: unknown) => reportFailure(error, flags)));
  withServerFlags(group.command("doctor").description("show whether the trainer works, and what is missing"))
    .option("--onnx", "the packages that write ONNX")
    .action((flags: TrainerFlags) => doctor(flags).catch((error: unknown) => reportFailure(error, flags)));
}

const environmentOf = ({ onnx }: TrainerFlags) => ({ environment: onnx ? "onnx" : "training" }) as const;

async function install(flags: InstallFlags): Promise<void> {
  const { client } = connect(flags);
  if (flags.plan || (!flags.yes && !flags.json)) {
    const plan = await lookUp(client, flags);
    if (flags.plan) return console.log(flags.json ? JSON.stringify(plan) : planWords(plan));
    process.stderr.write(`${planWords(plan)}\n`);
    if (process.stdin.isTTY && !(await isWanted(plan))) return;
  }
  const { jobId } = await client.call("POST /api/v1/trainer/install", { query: environmentOf(flags) });
  if (jobId !== null) await followJob(client, jobId, { isQuiet: flags.json ?? false });
  await doctor(flags);
}

type Plan = NonNullable<Trainer["plan"]>;

/** Has the server find out what an installation would download. */
async function lookUp(client: Client, flags: InstallFlags): Promise<Plan> {
  const { planJobId } = await client.call("POST /api/v1/trainer/plan", { query: environmentOf(flags) });
  if (planJobId !== null) await followJob(client, planJobId, { isQuiet: flags.json ?? false });
  const query = { probe: "false", ...environmentOf(flags) };
  const { plan } = await client.call("GET /api/v1/trainer", { query });
  if (plan) return plan;
  throw new Error("The server found no packages to install. See the job with `treadle jobs ls --all`.");
}

async function isWanted({ packages }: Plan): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Download ${sizeOf(packages)} and install? [Y/n] `);
  terminal.close();
  return !/^n/i.test(answer.trim());
}

/** Such as `184 MB in 2 packages, and 1 package of unknown size`. An index need not state sizes, and then there is only the second half. */
function sizeOf(packages: Plan["packages"]): string {
  const known = packages.flatMap(({ bytes }) => bytes ?? []);
  const unknown = packages.length - known.length;
  const bytes = known.reduce((sum, one) => sum + one, 0);
  return [
    known.length > 0 && `${inMegabytes(bytes)} in ${counted(known.length, "package")}`,
    unknown > 0 && `${counted(unknown, "package")} of unknown size`,
  ]
    .filter(Boolean)
    .join(", and ");
}

/** The largest packages have a line each. */
const MOST_PACKAGES = 12;

function planWords({ packages, diskBytes, freeBytes, torch, note }: Plan): string {
  const largest = packages.toSorted((one, other) => (other.bytes ?? 0) - (one.bytes ?? 0));
  const rest = largest.slice(MOST_PACKAGES);
  return [
    textTable([
      ...largest
        .slice(0, MOST_PACKAGES)
        .map(({ name, version, bytes }) => [name, version, bytes === null ? "size unknown" : inMegabytes(bytes)]),
      ...(rest.length > 0 ? [["more", "", sizeOf(rest)]] : []),
    ]),
    `To download: ${sizeOf(packages)}. Disk space: about ${inMegabytes(diskBytes)} needed, ${inMegabytes(freeBytes)} free.`,
    torch === "cpu" && "This is the CPU build of PyTorch, because this machine has no graphics card.",
    note,
  ]
    .filter(Boolean)
    .join("\n");
}

async function doctor(flags: TrainerFlags): Promise<void> {
  const query = { probe: "true", ...environmentOf(flags) };
  const trainer = await connect(flags).client.call("GET /api/v1/trainer", { query });
  console.log(flags.json ? JSON.stringify(trainer) : inWords(trainer));
  process.exitCode = trainer.state === "ready" ? 0 : 1;
}

const inWords = ({ state, message, python, doctor: told }: Trainer) =>
  [`${state}: ${message}`, python && `python: ${python}`, told === null ? "" : JSON.stringify(told, null, 2)]
    .filter((line) => line)
    .join("\n");
