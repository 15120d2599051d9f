import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import type { JobHandler, JobKind, JobRun } from "../../../platform/jobs/port.ts";
import type { TrainingDeps } from "../deps.ts";
import { freeBytes } from "../run-folder.ts";
import { type Environment, environmentOf, isThere, markOf } from "./find-python.ts";
import { REQUIREMENTS } from "./trainer-command.ts";

const Nothing = z.strictObject({});
type Command = readonly [string, ...string[]];
type Run = JobRun<z.output<typeof Nothing>, z.output<typeof Nothing>>;

type InstallJob = JobKind<z.output<typeof Nothing>, z.output<typeof Nothing>>;
export const INSTALL_JOBS: Readonly<Record<Environment, InstallJob>> = {
  training: { name: "trainer-install", payload: Nothing, state: Nothing },
  onnx: { name: "onnx-install", payload: Nothing, state: Nothing },
};

/** What the packages take on the disk, with what pip needs meanwhile. */
const NEEDED_BYTES = { withoutGpu: 2_500_000_000, all: 8_000_000_000 };
const LEAST_PYTHON = [3, 11] as const;
const PYTHONS = ["python3", "python3.13", "python3.12", "python3.11", "python"];
const STEP_MS = 60 * 60_000;
const KEPT_LINES = 30;

/** Makes an environment of Python in the data folder and installs its packages. Begun again, it begins anew. */
export const createInstallTrainer = (
  deps: TrainingDeps,
  environment: Environment,
): JobHandler<z.output<typeof Nothing>, z.output<typeof Nothing>> => ({
  concurrency: 1,
  maxTries: 2,
  async run(run) {
    await mkdir(deps.trainerFolder, { recursive: true });
    const torch = await cpuTorch(deps, environment);
    await requireRoom(deps, torch === null ? NEEDED_BYTES.all : NEEDED_BYTES.withoutGpu);
    const { python, version } = await findSystemPython(deps, run);
    await rm(markOf(deps, environment), { force: true });
    run.report({ message: `Making an environment with Python ${version}`, unit: "packages" });
    await step(deps, run, [python, "-m", "venv", "--clear", environmentOf(deps, environment)]);
    const own = join(environmentOf(deps, environment), "bin", "python");
    const pip = [
      own,
      "-m",
      "pip",
      "install",
      "--disable-pip-version-check",
      "--no-input",
      "--progress-bar=off",
    ] as const;
    if (torch !== null) await bringCpuTorch(deps, run, [...pip, ...torch]);
    run.report({ message: "Looking for the packages" });
    await step(deps, run, [...pip, "-r", REQUIREMENTS[environment]]);
    await writeFile(
      markOf(deps, environment),
      JSON.stringify({ python: version, installedAt: new Date(deps.clock.now()) }),
    );
    return { python: version };
  },
});

/**
 * What pip is told to bring the build of PyTorch for processors alone: a tenth of the usual one, which on Linux brings the libraries
 * of graphics cards along. Null where the usual one is right.
 */
async function cpuTorch(
  { torchIndex, hasGpu = hasNvidia }: TrainingDeps,
  environment: Environment,
): Promise<readonly string[] | null> {
  if (torchIndex === null || process.platform !== "linux" || process.arch !== "x64" || (await hasGpu())) return null;
  const pinned = /^torch==(\S+)$/m.exec(await readFile(REQUIREMENTS[environment], "utf8"))?.[1];
  // The other index is asked for this one package alone, and never twice: where it cannot be reached, that is soon clear.
  const soon = ["--retries=0", "--timeout=20", "--no-deps", `--index-url=${torchIndex}`];
  return pinned === undefined ? null : [...soon, `torch==${pinned}+cpu`];
}

const hasNvidia = () => isThere("/proc/driver/nvidia/version");

/** Without it the usual build is taken, if there is room for that. */
async function bringCpuTorch(deps: TrainingDeps, run: Run, command: Command): Promise<void> {
  run.report({ message: "Looking for PyTorch without the libraries of graphics cards" });
  try {
    await step(deps, run, command);
  } catch (error) {
    if (run.signal.aborted || !(error instanceof AppError)) throw error;
    await requireRoom(deps, NEEDED_BYTES.all);
  }
}

async function requireRoom(
  { trainerFolder, freeBytes: measure = freeBytes }: TrainingDeps,
  needed: number,
): Promise<void> {
  const free = await measure(trainerFolder);
  if (free >= needed) return;
  throw new AppError("unprocessable", {
    message: `The trainer needs ${(needed / 1e9).toFixed(1)} GB of disk, and ${(free / 1e9).toFixed(1)} GB are free in ${trainerFolder}. Free some space, then install it again.`,
  });
}

/** The first Python of the machine that is new enough. Throws `unprocessable` that says what was found. */
async function findSystemPython(deps: TrainingDeps, { signal }: Run) {
  const found: string[] = [];
  for (const python of PYTHONS) {
    const words = [python, "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"] as const;
    const order = { command: words, environment: known(deps), folder: deps.trainerFolder };
    const answer = await deps.launcher.ask(order, { signal, timeoutMs: 30_000 }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return null;
    });
    const version = answer?.stdout.trim() ?? "";
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major === LEAST_PYTHON[0] && minor >= LEAST_PYTHON[1]) return { python, version };
    if (version !== "") found.push(`${python} is ${version}`);
  }
  const there = found.length > 0 ? ` (${found.join(", ")})` : "";
  throw new AppError("unprocessable", {
    message: `Training needs Python ${LEAST_PYTHON.join(".")} or newer, and this machine has none${there}. Install it, with its venv module, and try again.`,
  });
}

/** pip knows the proxy and the index of its machine, and none of our settings. */
const known = ({ toolEnvironment }: TrainingDeps): Record<string, string> =>
  Object.fromEntries(
    Object.entries(toolEnvironment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** Runs a program whose lines are shown as they come. Throws what it said was wrong. */
async function step(deps: TrainingDeps, run: Run, command: Command): Promise<void> {
  const lines: string[] = [];
  let packages = 0;
  const { exitCode } = await deps.launcher.ask(
    { command, environment: known(deps), folder: deps.trainerFolder },
    {
      ...{ signal: run.signal, timeoutMs: STEP_MS },
      onLine(line) {
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
        if (line.startsWith("Collecting ")) packages++;
        if (/^\s*(Collecting|Downloading|Using cached|Installing)/.test(line))
          run.report({ message: line.trim().slice(0, 120), done: packages });
      },
    },
  );
  if (exitCode === 0) return;
  throw new AppError("unprocessable", { message: `The trainer could not be installed: ${reasonIn(lines)}` });
}

/** What went wrong, out of what pip and venv said. */
function reasonIn(lines: readonly string[]): string {
  const text = lines.join("\n");
  if (/No space left on device/i.test(text)) return "the disk is full. Free some space and try again.";
  if (/ensurepip is not available/.test(text))
    return "this Python has no venv module. On Debian it is the package python3-venv.";
  const error =
    lines.findLast((line) => /^(ERROR|error)/.test(line.trim())) ?? lines.findLast((line) => line.trim() !== "");
  return (error ?? "it said nothing.").replace(/^ERROR:\s*/, "").slice(0, 500);
}
