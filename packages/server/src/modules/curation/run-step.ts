import { setImmediate } from "node:timers/promises";
import { type CurationChoice, type CurationOutcome, type Item, readShape } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import { createOutcome } from "./outcome.ts";
import { STEPS } from "./steps/all-steps.ts";
import type { Step, StepContext } from "./steps/step.ts";

/** A step with its parameters as they were checked, every default filled in. */
export type Chosen = { readonly step: Step; readonly params: Record<string, unknown> };

/** Throws `invalid_request` for a step that is not there and for parameters that do not fit it. */
export function chooseStep({ stepId, params }: CurationChoice, place = "step"): Chosen {
  const step = STEPS.find(({ id }) => id === stepId);
  if (!step)
    throw new AppError("invalid_request", {
      message: `${place}: there is no step "${stepId}". The steps are ${STEPS.map(({ id }) => id).join(", ")}.`,
      details: { param: `${place}.stepId` },
    });
  const parsed = readShape(step.params, params);
  if (parsed.success) return { step, params: toRecord(parsed.data) };
  const [issue] = parsed.error.issues;
  const path = [place, "params", ...(issue?.path ?? [])].join(".");
  throw new AppError("invalid_request", {
    message: `${path}: ${issue?.message ?? "is not valid"} (step "${stepId}").`,
    details: { param: path, issues: parsed.error.issues.map(({ path: at, message }) => ({ path: at, message })) },
  });
}

const toRecord = (value: unknown): Record<string, unknown> => Object.fromEntries(Object.entries(value ?? {}));

/** A step gives the thread back after this long, so that requests are answered meanwhile. */
const SLICE_MS = 8;
const LOOK_EVERY = 32;

type Running = {
  readonly items: AsyncGenerator<Item, void, void>;
  /** What the step did; whole once the items have been read to their end. */
  outcome(): CurationOutcome;
};

/** The items as the step leaves them, with what it does counted on the way. */
export function runStep({ step, params }: Chosen, context: StepContext, samples: number): Running {
  const outcome = createOutcome(step.id, samples);
  async function* run() {
    let seen = 0;
    let begun = performance.now();
    for await (const verdict of step.run(context, params)) {
      outcome.add(verdict);
      if (verdict.keep) yield verdict.edited ?? verdict.item;
      if (++seen % LOOK_EVERY !== 0 || performance.now() - begun < SLICE_MS) continue;
      context.signal.throwIfAborted();
      await setImmediate();
      begun = performance.now();
    }
    if (seen !== context.rows) throw new Error(`The step "${step.id}" gave ${seen} verdicts on ${context.rows} items.`);
  }
  return { items: run(), outcome: outcome.finish };
}
