import { readFile } from "node:fs/promises";
import type { Job, Trainer } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { askTrainer } from "./ask-trainer.ts";
import {
  type Environment,
  findPython,
  isThere,
  markOf,
  missing,
  namedPython,
  requirePython,
  wordsOf,
} from "./find-python.ts";
import { createInstallTrainer, INSTALL_JOBS } from "./install-trainer.ts";
import { createPlanTrainer, PLAN_JOBS, planOf } from "./plan-trainer.ts";
import { threadsFor } from "./run-place.ts";

const PROBE_MS = 120_000;

type Looking = { readonly environment?: Environment; readonly probe: boolean; readonly signal: AbortSignal };
/** A command of the trainer whose answer is JSON. */
type TrainerOrder = {
  readonly environment: Environment;
  readonly words: readonly string[];
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onLine?: (line: string) => void;
};

/** The Python that trains: its state, its report, and its installation. */
export function createTrainer(deps: TrainingDeps) {
  const { db, jobs, launcher, audit } = deps;
  jobs.register(INSTALL_JOBS.training, createInstallTrainer(deps, "training"));
  jobs.register(INSTALL_JOBS.onnx, createInstallTrainer(deps, "onnx"));
  jobs.register(PLAN_JOBS.training, createPlanTrainer(deps, "training"));
  jobs.register(PLAN_JOBS.onnx, createPlanTrainer(deps, "onnx"));

  async function lastJob(scope: Scope, kind: string) {
    const { items } = await jobs.list(scope, { kind, limit: 1 });
    return items[0] ?? null;
  }
  const isOn = (job: Job | null) => job?.status === "queued" || job?.status === "running";

  /** The downloads of an installation, from the newest lookup. */
  async function planned(scope: Scope, environment: Environment): Promise<Pick<Trainer, "plan" | "planJobId">> {
    const job = await lastJob(scope, PLAN_JOBS[environment].name);
    return { planJobId: isOn(job) ? (job?.jobId ?? null) : null, plan: planOf(job?.result) };
  }

  async function get(scope: Scope, { environment = "training", probe, signal }: Looking): Promise<Trainer> {
    const job = await lastJob(scope, INSTALL_JOBS[environment].name);
    const shared = { python: null, jobId: job?.jobId ?? null, doctor: null, ...(await planned(scope, environment)) };
    if (isOn(job)) return { ...shared, state: "installing", message: job?.progress.message || "Waiting to start" };
    const python = await findPython(deps, environment);
    if (python === null) {
      const why = job?.status === "failed" && job.error ? ` The last attempt: ${job.error.message}` : "";
      return { ...shared, state: "missing", message: missing(deps, environment) + why };
    }
    const note = namedPython(deps, environment) === null ? await readNote(markOf(deps, environment)) : "";
    const installed = `It is installed. ${note}`.trim();
    if (!probe) return { ...shared, state: "ready", message: installed, python };
    return { ...shared, python, ...(await examine(deps, { python, environment, signal })) };
  }

  /** Throws `conflict` where a Python was named that is used as it is. */
  async function requireUnnamed(environment: Environment): Promise<void> {
    const named = namedPython(deps, environment);
    const { setting } = wordsOf(environment);
    if (named !== null)
      throw new AppError("conflict", {
        message: `${setting} is ${named}${(await isThere(named)) ? ", which is used unchanged" : ", which does not exist"}. Unset it to create an environment in the data folder.`,
      });
  }

  return {
    get,
    /** Throws `unprocessable` with the installation command if an environment is not installed. */
    async require(environment: Environment): Promise<void> {
      await requirePython(deps, environment);
    },
    /** Runs a command in one of the environments. Throws `unprocessable` where that is not installed, else as `askTrainer`. */
    async ask({ environment, ...asking }: TrainerOrder): Promise<unknown> {
      const python = await requirePython(deps, environment);
      return askTrainer(launcher, {
        ...asking,
        python,
        folder: deps.folder,
        threads: threadsFor({ threads: null }),
        nice: deps.nice,
      });
    },
    /** Starts a job that finds out what an installation would download. */
    async plan(scope: Scope, signal: AbortSignal, environment: Environment = "training"): Promise<Trainer> {
      await requireUnnamed(environment);
      const title = "Look up what the trainer needs";
      const order = { kind: PLAN_JOBS[environment], payload: {}, title, key: "plan" };
      await db.transaction((tx) => jobs.send(tx, scope, order));
      return get(scope, { environment, probe: false, signal });
    },
    async install(scope: Scope, signal: AbortSignal, environment: Environment = "training"): Promise<Trainer> {
      await requireUnnamed(environment);
      await db.transaction(async (tx) => {
        const title = environment === "training" ? "Install the trainer" : "Install ONNX support";
        const order = { kind: INSTALL_JOBS[environment], payload: {}, title, key: "install" };
        const jobId = await jobs.send(tx, scope, order);
        await audit.record(scope, { action: "trainer.install", target: jobId, details: { environment } }, tx);
      });
      return get(scope, { environment, probe: false, signal });
    },
  };
}

const Mark = z.object({ note: z.string().default("") });

/** Notes on an installation. Empty if there are none, for example from an older version. */
async function readNote(path: string): Promise<string> {
  try {
    return Mark.parse(JSON.parse(await readFile(path, "utf8"))).note;
  } catch {
    return "";
  }
}

type Examined = { readonly python: string; readonly environment: Environment; readonly signal: AbortSignal };

/** The trainer's report on itself. */
async function examine(
  { launcher, folder, nice }: Pick<TrainingDeps, "launcher" | "folder" | "nice">,
  { python, environment, signal }: Examined,
): Promise<Pick<Trainer, "state" | "message" | "doctor">> {
  const { command } = wordsOf(environment);
  const where = { folder, nice, threads: threadsFor({ threads: null }) };
  try {
    const asking = {
      ...where,
      python,
      words: environment === "training" ? ["doctor"] : ["doctor", "--onnx"],
      timeoutMs: PROBE_MS,
      signal,
    };
    const doctor = await askTrainer(launcher, asking);
    const lacking = missingIn(doctor);
    if (lacking.length === 0) return { state: "ready", message: "It is installed and works.", doctor };
    const message = `It lacks ${lacking.join(", ")}. Run \`${command}\` again.`;
    return { state: "broken", message, doctor };
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted) throw error;
    return { state: "broken", message: `${error.message} Run \`${command}\` again.`, doctor: null };
  }
}

function missingIn(doctor: unknown): string[] {
  if (typeof doctor !== "object" || doctor === null || !("missing" in doctor) || !Array.isArray(doctor.missing))
    return [];
  return doctor.missing.map(String);
}
