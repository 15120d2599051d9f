import type { PrivacySettings, StoredPrivacySettings } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { SealedSecret } from "../../../platform/secrets/port.ts";
import { createRedactors, type Redactor } from "../redaction/index.ts";
import type { PrivacyDeps } from "./deps.ts";
import { contextOf, createRulesCache } from "./rules-cache.ts";
import { createPrivacyStore, type PrivacyRow } from "./store.ts";
import { checkOptions, DEFAULTS } from "./to-rules.ts";

/** The sealed keys of some projects, the newest. */
export async function listSealedPrivacyKeys(db: Postgres): Promise<SealedSecret[]> {
  const rows = await createPrivacyStore(db).listSome();
  return rows.map(({ projectId, sealedKey }) => ({ value: sealedKey, context: contextOf(projectId) }));
}

/** What is removed from each project's traces before they are stored. */
export function createPrivacy(deps: PrivacyDeps) {
  const cache = createRulesCache(deps);
  const redactorOf = createRedactors();
  return {
    start: cache.read,
    rulesOf: cache.rulesOf,
    /** Whether reads of inputs and outputs go into the audit log. */
    isRecording: cache.recordsReads,
    /** For texts outside spans, such as feedback; null if everything is stored as it was sent. */
    redactorFor(projectId: string): Redactor | null {
      const rules = cache.rulesOf(projectId);
      return rules && redactorOf(rules);
    },
    async get({ projectId }: Scope): Promise<StoredPrivacySettings> {
      return toStored(await createPrivacyStore(deps.db).find(projectId));
    },
    /** Applies to everything that arrives after it resolves. */
    async save(scope: Scope, settings: PrivacySettings): Promise<StoredPrivacySettings> {
      checkOptions(settings, deps.readOptions);
      const row = await saveRow(deps, scope, { settings, newKey: cache.newKey });
      await cache.remember(row);
      return toStored(row);
    },
  };
}
export type PrivacyService = ReturnType<typeof createPrivacy>;

type Change = { readonly settings: PrivacySettings; readonly newKey: (projectId: string) => string };

/** The settings with their entry in the audit log, or nothing at all. */
const saveRow = ({ db, audit, clock }: PrivacyDeps, scope: Scope, { settings, newKey }: Change): Promise<PrivacyRow> =>
  db.transaction(async (tx) => {
    const { projectId } = scope;
    const store = createPrivacyStore(tx);
    const earlier = await store.lock(projectId);
    const [version, updatedAt] = [(earlier?.version ?? 0) + 1, new Date(clock.now())];
    const row = { projectId, settings, sealedKey: earlier?.sealedKey ?? newKey(projectId), version, updatedAt };
    await store.save(row);
    const details = { ...settings, version };
    await audit.record(scope, { action: "privacy.update", target: projectId, details }, tx);
    return row;
  });

const toStored = (row: PrivacyRow | undefined): StoredPrivacySettings => ({
  ...DEFAULTS,
  ...row?.settings,
  version: row?.version ?? 0,
  updatedAt: row?.updatedAt.toISOString() ?? null,
});
