import type { ModelStage, RegistryModel } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import { createExports } from "./export/export-service.ts";
import { createImports } from "./import/import-model.ts";
import { createUploads } from "./import/uploads-service.ts";
import { createAliasesService } from "./models/aliases-service.ts";
import { createModelsService } from "./models/models-service.ts";
import { type AliasMoves, createAliasMoves, type Moved } from "./models/move-alias.ts";
import { createStagesService } from "./models/stages-service.ts";
import { createRetention } from "./retention/retention-service.ts";
import { createSettings } from "./retention/settings-service.ts";
import { createRewardVersions } from "./serve/reward-versions.ts";
import { createServing } from "./serve/serve-versions.ts";
import type { RegistryDeps } from "./stores/deps.ts";
import type { ModelRow } from "./stores/model-store.ts";
import { createMadeStore, createVersionStore } from "./stores/version-store.ts";
import { createConversions } from "./versions/conversions-service.ts";
import { createVersions } from "./versions/create-version.ts";
import { createDropping } from "./versions/drop-versions.ts";
import { createForTraining } from "./versions/from-training.ts";
import { createMlflow } from "./versions/mlflow.ts";
import { createVersionsService, type Place } from "./versions/versions-service.ts";

/** Models with versions that never change, aliases that move, and what they came from. */
export function createRegistry(deps: RegistryDeps) {
  const { db } = deps;
  const serving = createServing(deps);
  const { forget } = serving;
  const dropping = createDropping({ ...deps, serving });
  const retention = createRetention({ ...deps, forget, letGo: dropping.letGo });
  const aliases = createAliasesService({ ...deps, forget });
  const moves = createAliasMoves({ ...deps, aliases });
  const models = createModelsService({
    ...deps,
    serving,
    dropVersions: dropping.dropAll,
    sendDaily: retention.sendDaily,
  });
  const versions = createVersionsService({ ...deps, serving, drop: dropping.drop });
  const stages = createStagesService(deps);
  const uploads = createUploads(deps);
  const createVersion = createVersions({ ...deps, aliases, moves, forget, prune: dropping.prune });
  const imports = createImports({ ...deps, uploads, createVersion });
  const training = createForTraining({ ...deps, serving, createVersion });

  return {
    conversions: createConversions({ ...deps, serving }),
    models,
    versions,
    stages,
    uploads,
    imports,
    retention,
    settings: createSettings({ ...deps, sendDaily: retention.sendDaily }),
    mlflow: createMlflow({ ...deps, models, versions }),
    ...training,
    rewards: createRewardVersions(deps),

    async setStage(scope: Scope, place: Place, wish: { stage: ModelStage; note: string }) {
      await stages.set(scope, place, wish);
      return versions.get(scope, place);
    },
    ...createAliasActs(moves, models.show),
    listMoves: aliases.listMoves,
    /** For deployments: a planned move, and the move in the caller's transaction. `forget` follows its commit. */
    aliases: { plan: aliases.plan, moveIn: aliases.moveIn, forget },

    export: createExports({ ...deps, versions }),

    /** For the gateway: what a name stands for, and the names there are. */
    served: { resolve: serving.resolve, knows: serving.knows, names: serving.names },
    /** Versions that were trained on rows of a dataset, newest first; with a root, on just that version of it. */
    listMadeOf: ({ projectId }: Scope, data: { datasetId: string; root: string | null }, limit: number) =>
      createMadeStore(db).listMadeOf(projectId, data, limit),
    /** The registered version of a run. Undefined while there is none. */
    findByRun: ({ projectId }: Scope, runId: string) => createVersionStore(db).findByRun(projectId, runId),
  };
}

function createAliasActs(moves: AliasMoves, show: (model: ModelRow) => Promise<RegistryModel>) {
  const showMoved = async ({ model, deployment }: Moved) => ({ ...(await show(model)), deployment });
  return {
    moveAlias: async (...[scope, name, wish]: Parameters<AliasMoves["move"]>) =>
      showMoved(await moves.move(scope, name, wish)),
    rollBackAlias: async (...[scope, name, wish]: Parameters<AliasMoves["rollBack"]>) =>
      showMoved(await moves.rollBack(scope, name, wish)),
    removeAlias: async (scope: Scope, name: string, alias: string) => show(await moves.remove(scope, name, alias)),
  };
}
export type Registry = ReturnType<typeof createRegistry>;
