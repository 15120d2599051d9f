import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import { countOf } from "../kernel/count-of.ts";
import { AppError } from "../kernel/errors.ts";
import type { Module } from "../kernel/module.ts";
import type { Scope } from "../kernel/scope.ts";
import type { Knowledge } from "../modules/build/knowledge/index.ts";
import { openLifecycle } from "../modules/system/projects/index.ts";
import { openSamples } from "../modules/system/samples/index.ts";
import { openSystem as openStatus } from "../modules/system/system/index.ts";
import type { Stores } from "../stores.ts";
import type { Observe } from "./observe.ts";
import type { System } from "./system.ts";
import type { ModelRegistry, Train } from "./train.ts";

type Below = System &
  Pick<Observe, "traces"> &
  Pick<ModelRegistry, "registry"> &
  Pick<Train, "training"> & { readonly knowledge: Module<Knowledge> };
type PageOrder = { readonly limit: number; readonly cursor?: string };
type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

const PAGE = 100;
const RETRY_SECONDS = 60;

/** The modules that look at all others: the whole life of a project, sample data, and the state of the server. */
export function openServer({ config, folder, log, version }: ServerBootstrap, stores: Stores, below: Below) {
  const { columnar, objects, jobs } = stores;
  const { db } = stores.postgres;
  const [traces, projects] = [below.traces.api, below.projects.api];
  const shared = { db, audit: below.audit.api, clock };
  return {
    lifecycle: openLifecycle({
      ...shared,
      columnar,
      objects,
      jobs,
      projects,
      graceDays: config.TREADLE_PROJECT_GRACE_DAYS,
      ...endingOf(below, log),
    }),
    samples: openSamples({ projects, traces, clock }),
    system: openStatus({ ...stores, dataFolder: folder, clock, version, startedAt: clock.now() }),
  };
}

/** How the work of a project ends, and what it left in folders goes. */
function endingOf(below: Below, log: ServerBootstrap["log"]) {
  const [training, registry, knowledge] = [below.training.api, below.registry.api, below.knowledge.api];
  const { listRuns, listModels, listBases } = listingOf(below);
  /** A run that has ended refuses to be cancelled, and a model that another is based on refuses to be deleted. */
  const refused = (what: string) => (error: unknown) => log.debug({ error }, what);

  async function endWork(scope: Scope): Promise<void> {
    for (const { trainingRunId } of await listRuns(scope))
      await training.cancel(scope, trainingRunId).catch(refused("a training run was not canceled"));
  }
  async function emptyFolders(scope: Scope): Promise<void> {
    await endWork(scope);
    for (const { knowledgeBaseId } of await listBases(scope)) await knowledge.delete(scope, knowledgeBaseId);
    for (const { name } of await listModels(scope))
      await registry.models.delete(scope, name).catch(refused("a registered model was not deleted"));
    for (const { trainingRunId } of await listRuns(scope))
      await training.delete(scope, trainingRunId).catch(refused("a training run was not deleted"));
    // A run that is still ending would leave its folder behind.
    const left = (await listRuns(scope)).length;
    if (left > 0)
      throw new AppError("unavailable", {
        message: `The project still has ${countOf(left, "training run")} that could not be deleted. Its data will be removed later.`,
        retryAfterSeconds: RETRY_SECONDS,
      });
  }

  return { endWork, emptyFolders };
}

/** All that a project has of what leaves something in folders. */
function listingOf({ training, registry, knowledge }: Below) {
  const runs = (scope: Scope, page: PageOrder) => training.api.list(scope, { search: "", ...page });
  const models = (scope: Scope, page: PageOrder) => registry.api.models.list(scope, { search: "", ...page });
  return {
    listRuns: (scope: Scope) => all((page) => runs(scope, page)),
    listModels: (scope: Scope) => all((page) => models(scope, page)),
    listBases: (scope: Scope) => all((page) => knowledge.api.list(scope, page)),
  };
}

async function all<Item>(list: (page: PageOrder) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await list({ limit: PAGE, ...(cursor !== null && { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}
