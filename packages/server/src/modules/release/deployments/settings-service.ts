import type { DeploymentSettings, deploymentsApi, ParsedOf } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { DeploymentDeps } from "./deps.ts";
import { createDeploymentSettingsStore } from "./store.ts";

type Changes = ParsedOf<(typeof deploymentsApi)["PUT /api/v1/deployment-settings"]>["body"];
type Deps = Pick<DeploymentDeps, "db" | "audit" | "rollouts">;

/** The project's deployment settings. */
export function createDeploymentSettings({ db, audit, rollouts }: Deps) {
  return {
    get: ({ projectId }: Scope): Promise<DeploymentSettings> => createDeploymentSettingsStore(db).find(projectId),

    /** Omitted settings are unchanged. */
    async update(scope: Scope, changes: Changes): Promise<DeploymentSettings> {
      if (changes.template) rollouts.checkTemplate(changes.template);
      return db.transaction(async (tx) => {
        const store = createDeploymentSettingsStore(tx);
        const current = await store.find(scope.projectId);
        const settings = {
          rolloutOnAlias: changes.rolloutOnAlias ?? current.rolloutOnAlias,
          template: changes.template ?? current.template,
        };
        await store.save(scope.projectId, settings);
        const event = { action: "deployment-settings.update", target: scope.projectId, details: settings };
        await audit.record(scope, event, tx);
        return settings;
      });
    },
  };
}
