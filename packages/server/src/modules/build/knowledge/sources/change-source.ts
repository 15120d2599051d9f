import { isDeepStrictEqual } from "node:util";
import type { KnowledgeSource, KnowledgeSourcePatch } from "@treadle/contract";
import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { connectorOf } from "../connectors/connectors.ts";
import { createBaseStore } from "../stores/base-store.ts";
import { createSourceStore, type SourceRow } from "../stores/source-store.ts";
import { createSyncStore } from "../stores/sync-store.ts";
import { checkSettings, nextAfter, requireFreeName, type SourcesMeans, sealSecret } from "./create-source.ts";
import { lockSynced, type SourcePlace } from "./find-source.ts";
import { presentSources } from "./present-source.ts";
import { mergeSettings, removesSecret, splitInput, withoutUndefined } from "./source-settings.ts";

export const createSourceChange = (deps: SourcesMeans) => ({
  async updateSource(scope: Scope, place: SourcePlace, patch: KnowledgeSourcePatch): Promise<KnowledgeSource> {
    const { db } = deps;
    const before = await db.transaction((tx) => lockSynced(tx, scope, place));
    // Names are resolved before the transaction that changes the source.
    const { kind, settings } = before.source;
    await checkSettings(deps, kind, mergeSettings(settings, splitInput(kind, patch).settings));
    const saved = await db.transaction((tx) => savePatch(deps, tx, { scope, place, patch }));
    const [source] = await presentSources(deps, scope, [saved]);
    if (!source) throw notFound("source", place.sourceId);
    return source;
  },
});

type Patching = { readonly scope: Scope; readonly place: SourcePlace; readonly patch: KnowledgeSourcePatch };

async function savePatch(deps: SourcesMeans, tx: Postgres, { scope, place, patch }: Patching): Promise<SourceRow> {
  const { base, source } = await lockSynced(tx, scope, place);
  const { row, settings } = splitInput(source.kind, patch);
  const shared = withoutUndefined(row);
  if (shared.name !== undefined && shared.name !== source.name) await requireFreeName(tx, base.id, shared.name);
  const now = new Date(deps.clock.now());
  const merged = { ...source, ...shared, settings: mergeSettings(source.settings, settings) };
  const isRescheduled = patch.everySeconds !== undefined || patch.isEnabled !== undefined;
  const changes = {
    ...shared,
    settings: merged.settings,
    secret: secretAfter(deps, { source, merged, patch }),
    ...(isRescheduled && { nextSyncAt: nextAfter(merged, now) }),
    updatedAt: now,
  };
  const saved = await createSourceStore(tx).updateSource(base.id, source.id, changes);
  if (!saved) throw notFound("source", source.id);
  if (patch.principals && !isDeepStrictEqual(patch.principals, source.principals)) {
    await createSyncStore(tx).changePrincipals(source.id, source.principals, patch.principals);
    await createBaseStore(tx).changeAccess(scope.projectId, base.id);
  }
  if (saved.nextSyncAt) await deps.schedule.follow(tx, scope.projectId);
  const details = { name: source.name, fields: Object.keys(patch) };
  await deps.audit.record(scope, { action: "knowledge-source.update", target: source.id, details }, tx);
  return saved;
}

type Moving = { readonly source: SourceRow; readonly merged: SourceRow; readonly patch: KnowledgeSourcePatch };

/** A stored secret never goes to a host that someone other than its giver chose. */
function secretAfter(deps: SourcesMeans, { source, merged, patch }: Moving): string | null {
  const { secret } = splitInput(source.kind, patch);
  if (secret !== undefined) return sealSecret(deps, merged, secret);
  const connector = connectorOf(source.kind);
  const isMoved = connector?.placeOf(source.settings) !== connector?.placeOf(merged.settings);
  return removesSecret(patch) || isMoved ? null : source.secret;
}
