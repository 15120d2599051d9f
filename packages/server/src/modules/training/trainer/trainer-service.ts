import type { Trainer } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { TrainingDeps } from "../deps.ts";
import { threadsFor } from "../run-place.ts";
import { askTrainer } from "./ask-trainer.ts";
import { findPython, isThere, missing } from "./find-python.ts";
import { createInstallTrainer, installJob } from "./install-trainer.ts";

const PROBE_MS = 120_000;

/** The Python that trains: whether it is there, what it says of itself, and how it comes here. */
export function createTrainer(deps: TrainingDeps) {
  const { db, jobs, launcher, audit } = deps;
  jobs.register(installJob, createInstallTrainer(deps));

  async function lastInstall(scope: Scope) {
    const { items } = await jobs.list(scope, { kind: installJob.name, limit: 1 });
    return items[0] ?? null;
  }

  async function get(
    scope: Scope,
    { probe, signal }: { readonly probe: boolean; readonly signal: AbortSignal },
  ): Promise<Trainer> {
    const job = await lastInstall(scope);
    const jobId = job?.id ?? null;
    if (job && (job.status === "queued" || job.status === "running"))
      return {
        state: "installing",
        message: job.progress.message || "Waiting to begin",
        python: null,
        jobId,
        doctor: null,
      };
    const python = await findPython(deps);
    if (python === null) {
      const why = job?.status === "failed" && job.error ? ` The last try: ${job.error.message}` : "";
      return { state: "missing", message: missing(deps) + why, python: null, jobId, doctor: null };
    }
    if (!probe) return { state: "ready", message: "It is installed.", python, jobId, doctor: null };
    return { python, jobId, ...(await examine(python, signal)) };
  }

  async function examine(python: string, signal: AbortSignal): Promise<Pick<Trainer, "state" | "message" | "doctor">> {
    const where = { folder: deps.folder, threads: threadsFor({ threads: null }) };
    try {
      const asking = { ...where, python, words: ["doctor"], timeoutMs: PROBE_MS, signal };
      const doctor = await askTrainer(launcher, asking);
      const lacking = missingIn(doctor);
      if (lacking.length === 0) return { state: "ready", message: "It is installed and works.", doctor };
      const message = `It lacks ${lacking.join(", ")}. Run \`treadle trainer install\` again.`;
      return { state: "broken", message, doctor };
    } catch (error) {
      if (!(error instanceof AppError) || signal.aborted) throw error;
      return { state: "broken", message: `${error.message} Run \`treadle trainer install\` again.`, doctor: null };
    }
  }

  return {
    get,
    async install(scope: Scope, signal: AbortSignal): Promise<Trainer> {
      if (deps.pythonPath !== null)
        throw new AppError("conflict", {
          message: `TREADLE_TRAINER_PYTHON names ${deps.pythonPath}${(await isThere(deps.pythonPath)) ? ", which is used as it is" : ", which is not there"}. Unset it to have an environment made in the data folder.`,
        });
      await db.transaction(async (tx) => {
        const order = { kind: installJob, payload: {}, title: "Install the trainer", key: "install" };
        const jobId = await jobs.send(tx, scope, order);
        await audit.record(scope, { action: "trainer.install", target: jobId, details: {} }, tx);
      });
      return get(scope, { probe: false, signal });
    },
  };
}

function missingIn(doctor: unknown): string[] {
  if (typeof doctor !== "object" || doctor === null || !("missing" in doctor) || !Array.isArray(doctor.missing))
    return [];
  return doctor.missing.map(String);
}
