import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import type { TrainerPlan } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { JobHandler, JobKind } from "../../../../platform/jobs/port.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { type Environment, environmentOf, markOf } from "./find-python.ts";
import {
  type InstallRun,
  makeEnvironment,
  NEEDED_BYTES,
  notInstalled,
  pipInstall,
  requireRoom,
  runProgram,
} from "./install-steps.ts";
import { makePlan, noteOf } from "./make-plan.ts";
import { REQUIREMENTS } from "./trainer-command.ts";

const Nothing = z.strictObject({});
type InstallJob = JobKind<z.output<typeof Nothing>, z.output<typeof Nothing>>;
export const INSTALL_JOBS: Readonly<Record<Environment, InstallJob>> = {
  training: { name: "trainer-install", payload: Nothing, state: Nothing },
  onnx: { name: "onnx-install", payload: Nothing, state: Nothing },
};

/** Makes an environment of Python in the data folder and installs its packages. Begun again, it begins from the start. */
export const createInstallTrainer = (
  deps: TrainingDeps,
  environment: Environment,
): JobHandler<z.output<typeof Nothing>, z.output<typeof Nothing>> => ({
  concurrency: 1,
  maxTries: 2,
  async run(run) {
    await mkdir(deps.trainerFolder, { recursive: true });
    await requireRoom(deps, NEEDED_BYTES.cpu);
    await rm(markOf(deps, environment), { force: true });
    const { python, version } = await makeEnvironment(deps, run, environmentOf(deps, environment));
    const plan = await makePlan(deps, run, { environment, python, version });
    const { torch, note } = await download(deps, run, { environment, python, plan });
    const installed = { python: version, torch, note, installedAt: new Date(deps.clock.now()) };
    await writeFile(markOf(deps, environment), JSON.stringify(installed));
    return { python: version, torch, note };
  },
});

type Downloading = { readonly environment: Environment; readonly python: string; readonly plan: TrainerPlan };

/** Brings the packages. Where the CPU build of PyTorch cannot be had after all, the usual one is brought, if there is room for it. */
async function download(deps: TrainingDeps, run: InstallRun, { environment, python, plan }: Downloading) {
  await requireRoom(deps, NEEDED_BYTES[plan.torch]);
  const count = createCount(run, plan);
  let { torch, note } = plan;
  if (torch === "cpu" && deps.torchIndex !== null) {
    const command = [...pipInstall(python), ...(await cpuTorch(deps.torchIndex, environment))] as const;
    const { exitCode, reason } = await runProgram(deps, run, { command, ...count.part() });
    if (exitCode !== 0) {
      run.signal.throwIfAborted();
      torch = "usual";
      note = noteOf(deps.torchIndex, reason);
      run.report({ message: note });
      await requireRoom(deps, NEEDED_BYTES.usual);
    }
  }
  const command = [...pipInstall(python), "-r", REQUIREMENTS[environment]] as const;
  const { exitCode, reason } = await runProgram(deps, run, { command, ...count.part() });
  if (exitCode !== 0) throw notInstalled(reason);
  return { torch, note };
}

/** The CPU index is used only for this package, once. */
async function cpuTorch(index: string, environment: Environment): Promise<readonly string[]> {
  const pinned = /^torch==(\S+)$/m.exec(await readFile(REQUIREMENTS[environment], "utf8"))?.[1];
  if (pinned === undefined)
    throw new AppError("internal", { message: `${REQUIREMENTS[environment]} names no version of torch.` });
  return ["--retries=0", "--timeout=20", "--no-deps", `--index-url=${index}`, `torch==${pinned}+cpu`];
}

/** Reports what is downloaded, over all programs of an installation together. */
function createCount({ report }: InstallRun, { downloadBytes, note }: TrainerPlan) {
  let before = 0;
  let newest = 0;
  report({ message: note || "Downloading", unit: "bytes", done: 0, total: downloadBytes || null });
  return {
    part() {
      before += newest;
      newest = 0;
      return {
        onBytes(bytes: number) {
          newest = Math.max(newest, bytes);
          const done = before + newest;
          report({ done: downloadBytes > 0 ? Math.min(done, downloadBytes) : done });
        },
        onLine(line: string) {
          if (/^\s*(Collecting|Downloading|Using cached|Installing)/.test(line))
            report({ message: line.trim().slice(0, 120) });
        },
      };
    },
  };
}
