import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ProviderLauncher, TrainingConfig, TrainingEstimate } from "@treadle/contract";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { writeData } from "../data/write-data.ts";
import { requireSpace } from "../job/run-folder.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { requireConnection } from "./require-connection.ts";
import { rowForProvider } from "./row-for-provider.ts";

/** For English text and its JSON. A provider counts with its own vocabulary. */
const BYTES_PER_TOKEN = 4;
/** The usual value of `auto` at providers for this amount of data. */
const USUAL_EPOCHS = 3;
const MILLION = 1e6;

type Asking = {
  readonly config: TrainingConfig;
  readonly launcher: ProviderLauncher;
  readonly signal: AbortSignal;
};

/** The estimate of a run at a provider: rows, approximate tokens, and their price. Nothing is sent. */
export async function estimateRemote(deps: TrainingDeps, scope: Scope, asking: Asking): Promise<TrainingEstimate> {
  const { config, launcher, signal } = asking;
  await requireConnection(deps, scope.projectId, launcher.connection);
  const folder = join(deps.folder, "asks", newId("ask", deps.clock.now()));
  await mkdir(folder, { recursive: true });
  try {
    await requireSpace(folder, deps.freeBytes);
    const { train, val, skipped } = await writeData(deps, scope, { config, folder, signal, rowOf: rowForProvider });
    const bytes = (await readFile(join(folder, "data", "train.jsonl"))).length;
    const epochs = config.num_epochs ?? USUAL_EPOCHS;
    const tokens = Math.ceil(bytes / BYTES_PER_TOKEN) * epochs;
    const price = launcher.price_per_million_tokens;
    const batch = launcher.batch_size;
    return {
      memory_mb: null,
      seconds: null,
      tokens,
      epochs,
      rows: { train, val, skipped },
      steps: batch === "auto" ? null : Math.ceil(train / batch) * epochs,
      cost_usd: price === null ? null : (tokens * price) / MILLION,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
