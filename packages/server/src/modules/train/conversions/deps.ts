import type { Inference } from "../../../platform/inference/port.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Objects } from "../../../platform/objects/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Registry } from "../registry/index.ts";
import type { Training } from "../training/index.ts";

export type ConversionDeps = {
  readonly db: Postgres;
  readonly objects: Pick<Objects, "put">;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly inference: Pick<
    Inference,
    "inspect" | "register" | "unregister" | "isRegistered" | "load" | "generate" | "logprobs"
  >;
  readonly registry: Pick<Registry["conversions"], "sourceOf" | "add">;
  readonly trainer: Pick<Training["trainer"], "ask" | "require">;
  /** The folder in which files are created. Each job has a separate folder in it, which is deleted with the job. */
  readonly folder: string;
};
