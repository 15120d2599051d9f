import type { Trainer } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { TrainingDeps } from "../deps.ts";
import { threadsFor } from "../run-place.ts";
import { askTrainer } from "./ask-trainer.ts";
import { type Environment, findPython, isThere, missing, namedPython, requirePython, wordsOf } from "./find-python.ts";
import { createInstallTrainer, INSTALL_JOBS } from "./install-trainer.ts";

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

/** The Python that trains: whether it is there, what it says of itself, and how it comes here. */
export function createTrainer(deps: TrainingDeps) {
  const { db, jobs, launcher, audit } = deps;
  jobs.register(INSTALL_JOBS.training, createInstallTrainer(deps, "training"));
  jobs.register(INSTALL_JOBS.onnx, createInstallTrainer(deps, "onnx"));

  async function lastInstall(scope: Scope, environment: Environment) {
    const { items } = await jobs.list(scope, { kind: INSTALL_JOBS[environment].name, limit: 1 });
    return items[0] ?? null;
  }

  async function get(scope: Scope, { environment = "training", probe, signal }: Looking): Promise<Trainer> {
    const job = await lastInstall(scope, environment);
    const jobId = job?.id ?? null;
    if (job && (job.status === "queued" || job.status === "running"))
      return {
        state: "installing",
        message: job.progress.message || "Waiting to begin",
        python: null,
        jobId,
        doctor: null,
      };
    const python = await findPython(deps, environment);
    if (python === null) {
      const why = job?.status === "failed" && job.error ? ` The last try: ${job.error.message}` : "";
      return { state: "missing", message: missing(deps, environment) + why, python: null, jobId, doctor: null };
    }
    if (!probe) return { state: "ready", message: "It is installed.", python, jobId, doctor: null };
    return { python, jobId, ...(await examine(deps, { python, environment, signal })) };
  }

  return {
    get,
    /** Runs a command in one of the environments. Throws `unprocessable` where that is not installed, else as `askTrainer`. */
    async ask({ environment, ...asking }: TrainerOrder): Promise<unknown> {
      const python = await requirePython(deps, environment);
      return askTrainer(launcher, {
        ...{ ...asking, python, folder: deps.folder, threads: threadsFor({ threads: null }) },
      });
    },
    async install(scope: Scope, signal: AbortSignal, environment: Environment = "training"): Promise<Trainer> {
      const named = namedPython(deps, environment);
      const { setting } = wordsOf(environment);
      if (named !== null)
        throw new AppError("conflict", {
          message: `${setting} names ${named}${(await isThere(named)) ? ", which is used as it is" : ", which is not there"}. Unset it to have an environment made in the data folder.`,
        });
      await db.transaction(async (tx) => {
        const title = environment === "training" ? "Install the trainer" : "Install what writes ONNX";
        const order = { kind: INSTALL_JOBS[environment], payload: {}, title, key: "install" };
        const jobId = await jobs.send(tx, scope, order);
        await audit.record(scope, { action: "trainer.install", target: jobId, details: { environment } }, tx);
      });
      return get(scope, { environment, probe: false, signal });
    },
  };
}

type Examined = { readonly python: string; readonly environment: Environment; readonly signal: AbortSignal };

/** What the trainer says of itself. */
async function examine(
  { launcher, folder }: Pick<TrainingDeps, "launcher" | "folder">,
  { python, environment, signal }: Examined,
): Promise<Pick<Trainer, "state" | "message" | "doctor">> {
  const { command } = wordsOf(environment);
  const where = { folder, threads: threadsFor({ threads: null }) };
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
