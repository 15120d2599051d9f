import type { Answer } from "@treadle/sdk";
import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../connect.ts";
import { followJob } from "../follow-job.ts";
import { reportFailure } from "../report-failure.ts";

type TrainerFlags = ServerFlags & { readonly onnx?: boolean };
type Trainer = Answer<"GET /api/v1/trainer">;

/** The Python that trains models, on the machine of the server. */
export function addTrainer(program: Command) {
  const group = program
    .command("trainer")
    .description("the Python that trains models: install it, look at it")
    .helpCommand(false);
  withServerFlags(
    group.command("install").description("make a Python environment in the data folder and install what trains models"),
  )
    .option("--onnx", "what writes ONNX, in an environment of its own")
    .action((flags: TrainerFlags) => install(flags).catch((error: unknown) => reportFailure(error, flags)));
  withServerFlags(group.command("doctor").description("whether the trainer works, and what it lacks"))
    .option("--onnx", "what writes ONNX")
    .action((flags: TrainerFlags) => doctor(flags).catch((error: unknown) => reportFailure(error, flags)));
}

const environmentOf = ({ onnx }: TrainerFlags) => ({ environment: onnx ? "onnx" : "training" }) as const;

async function install(flags: TrainerFlags): Promise<void> {
  const { client } = connect(flags);
  const { jobId } = await client.call("POST /api/v1/trainer/install", { query: environmentOf(flags) });
  if (jobId !== null) await followJob(client, jobId, { isQuiet: flags.json ?? false });
  await doctor(flags);
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
