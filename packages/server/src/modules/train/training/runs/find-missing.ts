import type { TrainingConfig, TrainingProblem } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { openSource, type Source } from "../data/open-source.ts";
import { providerOf } from "../provider/remote-run.ts";
import { requireConnection } from "../provider/require-connection.ts";
import type { TrainingDeps } from "../stores/deps.ts";

type Asked = { readonly config: TrainingConfig; readonly signal: AbortSignal };

/** What a configuration names that is not there: the base model or the connection, a dataset or its version, or any rows. */
export async function findMissing(deps: TrainingDeps, scope: Scope, { config, signal }: Asked) {
  const problems: TrainingProblem[] = [];
  const provider = providerOf(config);
  if (provider === null) await collect(problems, "base_model", () => deps.registry.baseFor(scope, config.base_model));
  else
    await collect(problems, "launcher.connection", () => requireConnection(deps, scope.projectId, provider.connection));
  const sources: Source[] = [];
  for (const [place, { ref }] of config.datasets.entries())
    await collect(problems, `datasets.${place}.ref`, async () => {
      sources.push(await openSource(deps, scope, ref));
    });
  if (sources.length === config.datasets.length && !(await hasItem(sources, signal)))
    problems.push({ path: "datasets", message: emptyWords(sources) });
  return problems;
}

async function collect(problems: TrainingProblem[], path: string, check: () => Promise<unknown>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    problems.push({ path, message: error.message.replace(`${path}: `, "") });
  }
}

async function hasItem(sources: readonly Source[], signal: AbortSignal): Promise<boolean> {
  for (const source of sources) for await (const _item of source.items(signal)) return true;
  return false;
}

const emptyWords = (sources: readonly Source[]) =>
  `There is no data to train on: ${sources.map(({ ref }) => ref).join(", ")} ${sources.length === 1 ? "has" : "have"} no items. Add items and commit a version.`;
