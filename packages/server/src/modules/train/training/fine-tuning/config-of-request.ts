import type { FineTuningRequest, TrainingConfig } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { requireConfig } from "../config/read-config.ts";
import { usualRate } from "../job/build-job.ts";
import { slugOf } from "../runs/start-run.ts";

/** The values of `auto`, which OpenAI's services choose by the data. */
const AUTO_EPOCHS = 3;
const AUTO_BATCH = 8;

type Hyperparameters = NonNullable<FineTuningRequest["hyperparameters"]>;

const given = <Value>(value: Value | "auto" | null | undefined): Value | null =>
  value === null || value === undefined || value === "auto" ? null : value;

/**
 * A configuration from a job of OpenAI's API. Settings under `treadle` have precedence. Throws `invalid_request` for an
 * unsupported method.
 */
export function configOfRequest(request: FineTuningRequest): TrainingConfig {
  const { model, training_file, validation_file, suffix, seed, treadle } = request;
  const method = methodOf(request);
  const { n_epochs, batch_size, learning_rate_multiplier, beta } = hyperparametersOf(request);
  const multiplier = given(learning_rate_multiplier);
  const rate = usualRate({ method, adapter: treadle?.adapter === "none" ? "none" : "lora" });
  const hasSteps = treadle?.max_steps !== undefined && treadle.max_steps !== null;
  return requireConfig({
    base_model: model,
    method,
    datasets: [{ ref: training_file }, ...(validation_file ? [{ ref: validation_file, hold_out: true }] : [])],
    val: { fraction: 0 },
    ...(!hasSteps && { num_epochs: given(n_epochs) ?? AUTO_EPOCHS }),
    gradient_accumulation_steps: given(batch_size) ?? AUTO_BATCH,
    ...(multiplier !== null && { learning_rate: Math.min(1, rate * multiplier) }),
    ...(given(beta) !== null && method === "dpo" && { beta: given(beta) }),
    ...(seed !== null && seed !== undefined && { seed }),
    ...(suffix && { name: slugOf(`${model.replace(/@[^@]*$/, "")}-${suffix}`) }),
    ...treadle,
  });
}

function methodOf({ method }: FineTuningRequest): "sft" | "dpo" {
  if (method?.type === "reinforcement")
    throw new AppError("invalid_request", {
      message: "method.type: reinforcement is not supported. Use supervised or dpo.",
      details: { param: "method" },
    });
  return method?.type === "dpo" ? "dpo" : "sft";
}

function hyperparametersOf({ method, hyperparameters }: FineTuningRequest): Hyperparameters {
  const own = method?.type === "dpo" ? method.dpo?.hyperparameters : method?.supervised?.hyperparameters;
  return own ?? hyperparameters ?? {};
}
