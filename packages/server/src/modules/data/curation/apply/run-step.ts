import { setImmediate } from "node:timers/promises";
import { type CurationChoice, type CurationOutcome, type Item, readShape } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Step, StepContext } from "../step/step.ts";
import { STEPS } from "../steps/all-steps.ts";
import { createOutcome } from "./outcome.ts";

/** A step with its parameters as they were checked, every default filled in. */
export type Chosen = { readonly step: Step; readonly params: Record<string, unknown> };

/** Throws `invalid_request` for a step that is not there and for parameters that do not fit it. */
export function chooseStep({ stepId, params }: CurationChoice, place = "step"): Chosen {
  const step = STEPS.find(({ id }) => id === stepId);
  if (!step)
    throw new AppError("invalid_request", {
      message: `${place}: there is no step "${stepId}". Available steps: ${STEPS.map(({ id }) => id).join(", ")}.`,
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

type RunContext = Omit<StepContext, "note">;
type Running = {
  readonly items: AsyncGenerator<Item, void, void>;
  /** The result of the step, complete once all items have been read. */
  outcome(): CurationOutcome;
};

/** The items as the step leaves them, with what it does counted on the way. */
export function runStep({ step, params }: Chosen, context: RunContext, samples: number): Running {
  const outcome = createOutcome(step.id, samples);
  async function* run() {
    let seenItems = 0;
    let startedAt = performance.now();
    for await (const verdict of step.run({ ...context, note: outcome.note }, params)) {
      outcome.add(verdict);
      if (verdict.keep) yield verdict.edited ?? verdict.item;
      if (++seenItems % LOOK_EVERY !== 0 || performance.now() - startedAt < SLICE_MS) continue;
      context.signal.throwIfAborted();
      await setImmediate();
      startedAt = performance.now();
    }
    if (seenItems !== context.rows)
      throw new Error(`The step "${step.id}" returned ${seenItems} verdicts for ${context.rows} items.`);
  }
  return { items: run(), outcome: outcome.finish };
}
