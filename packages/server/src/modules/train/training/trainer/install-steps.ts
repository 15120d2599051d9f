import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../../kernel/errors.ts";
import type { JobRun } from "../../../../platform/jobs/port.ts";
import { freeBytes, sizeOfFolder } from "../job/run-folder.ts";
import type { TrainingDeps } from "../stores/deps.ts";

export type InstallRun = Pick<JobRun<unknown, unknown>, "signal" | "report">;
type Command = readonly [string, ...string[]];

const LEAST_PYTHON = [3, 11] as const;
const PYTHONS = ["python3", "python3.13", "python3.12", "python3.11", "python"];
const STEP_MS = 60 * 60_000;
const LOOK_MS = 500;
const MOST_LINES = 30;
/** Reports of dry runs without downloading, and installs the same files on every Python. */
const PIP = "pip==26.3";

/** The disk space for the packages, including pip's temporary files. */
export const NEEDED_BYTES = { cpu: 2_500_000_000, usual: 8_000_000_000 };

/** Throws `unprocessable` when the disk has less room than `needed` bytes. */
export async function requireRoom(deps: TrainingDeps, needed: number): Promise<void> {
  const free = await freeIn(deps);
  if (free >= needed) return;
  throw new AppError("unprocessable", {
    message: `The trainer needs ${(needed / 1e9).toFixed(1)} GB of disk space, but only ${(free / 1e9).toFixed(1)} GB are free in ${deps.trainerFolder}. Free some disk space, then install it again.`,
  });
}

export const freeIn = ({ trainerFolder, freeBytes: measure = freeBytes }: TrainingDeps): Promise<number> =>
  measure(trainerFolder);

/** Makes an environment of the machine's Python in a folder, with a pip that can look things up. */
export async function makeEnvironment(deps: TrainingDeps, run: InstallRun, folder: string) {
  const { python, version } = await findSystemPython(deps, run);
  run.report({ message: `Creating an environment with Python ${version}`, unit: "", done: 0, total: null });
  await runStep(deps, run, [python, "-m", "venv", "--clear", folder]);
  const own = join(folder, "bin", "python");
  const { exitCode } = await runProgram(deps, run, { command: [...pipInstall(own), PIP] });
  if (exitCode !== 0) run.report({ message: "pip could not be updated. The existing version is used." });
  return { python: own, version };
}

/** The words of `pip install` before what is installed. */
export const pipInstall = (python: string): Command => [
  python,
  "-m",
  "pip",
  "install",
  "--disable-pip-version-check",
  "--no-input",
  "--progress-bar=off",
];

/** The first Python of the machine that is new enough. Throws `unprocessable` that names the versions that are there. */
async function findSystemPython(deps: TrainingDeps, { signal }: InstallRun) {
  const packages: string[] = [];
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
    if (version !== "") packages.push(`${python} is ${version}`);
  }
  const there = packages.length > 0 ? ` (${packages.join(", ")})` : "";
  throw new AppError("unprocessable", {
    message: `Training needs Python ${LEAST_PYTHON.join(".")} or newer, but this machine has none${there}. Install it with its venv module, then try again.`,
  });
}

/** pip gets the machine's proxy and index, and none of our settings. */
const known = ({ toolEnvironment }: TrainingDeps): Record<string, string> =>
  Object.fromEntries(
    Object.entries(toolEnvironment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

type Program = {
  readonly command: Command;
  readonly onLine?: (line: string) => void;
  /** Hears now and then how many bytes it has written to its temporary folder, which is where pip downloads to. */
  readonly onBytes?: (bytes: number) => void;
};

/** Runs a program to its end, with a temporary folder on the disk that the packages go to anyway. */
export async function runProgram(deps: TrainingDeps, { signal }: InstallRun, { command, onLine, onBytes }: Program) {
  const temporary = join(deps.trainerFolder, "tmp");
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  const look = onBytes && setInterval(() => void sizeOfFolder(temporary).then(onBytes), LOOK_MS);
  const lines: string[] = [];
  try {
    const environment = { ...known(deps), TMPDIR: temporary };
    const { exitCode, stdout } = await deps.launcher.ask(
      { command, environment, folder: deps.trainerFolder },
      {
        signal,
        timeoutMs: STEP_MS,
        onLine(line) {
          lines.push(line);
          if (lines.length > MOST_LINES) lines.shift();
          onLine?.(line);
        },
      },
    );
    return { exitCode, stdout, reason: exitCode === 0 ? "" : reasonIn(lines) };
  } finally {
    clearInterval(look);
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Runs a program. Throws `unprocessable` with its error. */
export async function runStep(deps: TrainingDeps, run: InstallRun, command: Command): Promise<void> {
  const { exitCode, reason } = await runProgram(deps, run, { command });
  if (exitCode !== 0) throw notInstalled(reason);
}

export const notInstalled = (reason: string) =>
  new AppError("unprocessable", { message: `The trainer could not be installed: ${reason}` });

/** The error in the output of pip and venv. */
function reasonIn(lines: readonly string[]): string {
  const text = lines.join("\n");
  if (/No space left on device/i.test(text)) return "the disk is full. Free some disk space and try again.";
  if (/ensurepip is not available/.test(text))
    return "this Python has no venv module. On Debian, install the package python3-venv.";
  const error =
    lines.findLast((line) => /^(ERROR|error)/.test(line.trim())) ?? lines.findLast((line) => line.trim() !== "");
  return (error ?? "it reported no reason.").replace(/^ERROR:\s*/, "").slice(0, 500);
}
