import type { ParsedOf, registryApi } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { StoreDeps } from "../stores/deps.ts";
import { createSettingsStore } from "../stores/model-store.ts";
import type { Retention } from "./retention-service.ts";

type Changes = ParsedOf<(typeof registryApi)["PUT /api/v1/registry/settings"]>["body"];
type Deps = Pick<StoreDeps, "db" | "audit"> & Pick<Retention, "sendDaily">;

/** The project's registry settings. */
export function createSettings({ db, audit, sendDaily }: Deps) {
  return {
    get: ({ projectId }: Scope) => createSettingsStore(db).find(projectId),
    /** Omitted settings are unchanged. */
    update: (scope: Scope, changes: Changes) =>
      db.transaction(async (tx) => {
        const store = createSettingsStore(tx);
        const { needsApproval, retention } = await store.find(scope.projectId);
        const settings = {
          needsApproval: changes.needsApproval ?? needsApproval,
          retention: changes.retention === undefined ? retention : changes.retention,
        };
        await store.saveSettings(scope.projectId, settings);
        if (settings.retention !== null) await sendDaily(scope, tx);
        const event = { action: "registry-settings.update", target: scope.projectId, details: settings };
        await audit.record(scope, event, tx);
        return settings;
      }),
  };
}
