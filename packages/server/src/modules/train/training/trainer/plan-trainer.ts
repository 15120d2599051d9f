import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { TrainerPlan } from "@treadle/contract";
import { z } from "zod";
import type { JobHandler, JobKind } from "../../../../platform/jobs/port.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import type { Environment } from "./find-python.ts";
import { makeEnvironment } from "./install-steps.ts";
import { makePlan } from "./make-plan.ts";

const Nothing = z.strictObject({});
type PlanJob = JobKind<z.output<typeof Nothing>, z.output<typeof Nothing>>;
export const PLAN_JOBS: Readonly<Record<Environment, PlanJob>> = {
  training: { name: "trainer-plan", payload: Nothing, state: Nothing },
  onnx: { name: "onnx-plan", payload: Nothing, state: Nothing },
};

/** Finds the downloads of an installation in a temporary environment. An installed environment is not changed. */
export const createPlanTrainer = (
  deps: TrainingDeps,
  environment: Environment,
): JobHandler<z.output<typeof Nothing>, z.output<typeof Nothing>> => ({
  concurrency: 1,
  maxTries: 2,
  async run(run): Promise<TrainerPlan> {
    await mkdir(deps.trainerFolder, { recursive: true });
    const folder = join(deps.trainerFolder, `plan-${environment}`);
    try {
      return await makePlan(deps, run, { environment, ...(await makeEnvironment(deps, run, folder)) });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

/** The result of a job. Null for a job that failed. */
export const planOf = (result: unknown): TrainerPlan | null => TrainerPlan.safeParse(result).data ?? null;
