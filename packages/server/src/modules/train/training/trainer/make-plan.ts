import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TrainerPlan } from "@treadle/contract";
import { z } from "zod";
import type { TrainingDeps } from "../stores/deps.ts";
import { type Environment, isThere } from "./find-python.ts";
import { freeIn, type InstallRun, NEEDED_BYTES, notInstalled, runProgram } from "./install-steps.ts";
import { REQUIREMENTS, TRAINER_SOURCE } from "./trainer-command.ts";

const SCRIPT = join(TRAINER_SOURCE, "treadle_trainer", "plan_install.py");
/**
 * Without metadata of its packages, an index would have to serve the packages themselves, which is no longer a lookup.
 */
const MOST_BYTES = 100_000_000;

const Printed = z.object({
  packages: z.array(z.object({ name: z.string(), version: z.string(), bytes: z.number().nullable() })),
  torch: z.enum(["cpu", "usual"]),
  note: z.string(),
});

type Planning = { readonly environment: Environment; readonly python: string; readonly version: string };

/** Looks up what an installation would download. Throws `unprocessable` with pip's reason. */
export async function makePlan(
  deps: TrainingDeps,
  run: InstallRun,
  { environment, python, version }: Planning,
): Promise<TrainerPlan> {
  run.report({ message: "Looking up the packages and their sizes", unit: "", done: 0, total: null });
  const index = await cpuIndex(deps);
  const words = index === null ? [] : ["--torch-index", index];
  const tooMuch = new AbortController();
  const signal = AbortSignal.any([run.signal, tooMuch.signal]);
  try {
    const { exitCode, stdout, reason } = await runProgram(
      deps,
      { ...run, signal },
      {
        command: [python, SCRIPT, REQUIREMENTS[environment], ...words],
        onBytes: (bytes) => bytes > MOST_BYTES && tooMuch.abort(),
      },
    );
    if (exitCode !== 0) throw notInstalled(reason);
    const { note, ...found } = Printed.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
    return await wholePlan(deps, { ...found, python: version, note: note && index ? noteOf(index, note) : "" });
  } catch (error) {
    if (!tooMuch.signal.aborted || run.signal.aborted) throw error;
    const packages = await packagesIn(REQUIREMENTS[environment]);
    const note = "The package index does not report the sizes of its packages.";
    return wholePlan(deps, { packages, torch: "usual", python: version, note });
  }
}

type Found = Pick<TrainerPlan, "packages" | "torch" | "note" | "python">;

const wholePlan = async (deps: TrainingDeps, found: Found): Promise<TrainerPlan> => ({
  ...found,
  diskBytes: NEEDED_BYTES[found.torch],
  freeBytes: await freeIn(deps),
  downloadBytes: found.packages.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
});

/**
 * The index of the CPU build of PyTorch: on Linux, the usual build includes the libraries for graphics cards. Null if
 * the usual build is right.
 */
async function cpuIndex({ torchIndex, hasGpu = hasNvidia }: TrainingDeps): Promise<string | null> {
  const isWanted = process.platform === "linux" && process.arch === "x64";
  return torchIndex !== null && isWanted && !(await hasGpu()) ? torchIndex : null;
}

const hasNvidia = () => isThere("/proc/driver/nvidia/version");

export const noteOf = (index: string, reason: string): string =>
  `This machine has no graphics card, but the CPU build of PyTorch cannot be downloaded from ${index}: ${reason.replace(/\.$/, "")}. The larger standard build is used instead. Set TREADLE_TORCH_INDEX to an index that this machine can reach.`;

async function packagesIn(path: string): Promise<TrainerPlan["packages"]> {
  const text = await readFile(path, "utf8");
  return [...text.matchAll(/^([\w.-]+)==(\S+)$/gm)].map(([, name = "", version = ""]) => ({
    name,
    version,
    bytes: null,
  }));
}
