import type { ModelVersion, RegistryModel, StageRequest } from "@treadle/contract";
import type { Postgres } from "../../platform/postgres/port.ts";
import { type AliasRow, createAliasStore } from "./alias-store.ts";
import { createModelStore, type ModelRow } from "./model-store.ts";
import { createStageStore, type StageRow } from "./stage-store.ts";
import { createVersionStore, type VersionRow } from "./version-store.ts";

/** Why a version cannot be served here, or null. */
export type WhyNot = (row: VersionRow) => string | null;

/** Rows as they cross the wire, with what other tables say of them. */
export function createPresenter(db: Postgres) {
  return {
    async models(rows: readonly ModelRow[]): Promise<RegistryModel[]> {
      const ids = rows.map(({ id }) => id);
      const aliases = await createAliasStore(db).list(ids);
      const latest = await createVersionStore(db).findLatest(ids);
      const counts = await createModelStore(db).countVersions(ids);
      return rows.map((row) => ({
        name: row.name,
        description: row.description,
        tags: row.tags,
        keepVersions: row.keepVersions,
        retention: row.retention,
        aliases: aliases.filter(({ modelId }) => modelId === row.id).map(toAlias),
        latest: toLatest(latest.get(row.id)),
        versions: counts.get(row.id) ?? 0,
        createdBy: row.createdBy,
        createdAt: row.createdAt.toISOString(),
        updatedAt: row.updatedAt.toISOString(),
      }));
    },

    async versions(model: ModelRow, rows: readonly VersionRow[], whyNot: WhyNot): Promise<ModelVersion[]> {
      const aliases = await createAliasStore(db).list([model.id]);
      const pending = await createStageStore(db).listPending(rows.map(({ id }) => id));
      const bases = await createVersionStore(db).namesOf(
        model.projectId,
        rows.flatMap(({ baseVersionId }) => baseVersionId ?? []),
      );
      return rows.map((row) => {
        const why = whyNot(row);
        const request = pending.find(({ versionId }) => versionId === row.id);
        return {
          ...toVersion(model.name, row),
          aliases: aliases.filter(({ versionId }) => versionId === row.id).map(({ alias }) => alias),
          base:
            row.baseRef === null
              ? null
              : { ref: row.baseRef, hash: row.baseHash, version: bases.get(row.baseVersionId ?? "") ?? null },
          canServe: why === null,
          whyNot: why,
          pending: request ? { requestId: request.id, stage: request.stage, proposedBy: request.proposedBy } : null,
        };
      });
    },
  };
}

const toAlias = ({ alias, number, movedAt, movedBy }: AliasRow) => ({
  alias,
  version: number,
  movedAt: movedAt.toISOString(),
  movedBy,
});

const toLatest = (row: VersionRow | undefined) =>
  row ? { version: row.number, format: row.format, stage: row.stage, sizeBytes: row.sizeBytes } : null;

const toVersion = (name: string, row: VersionRow) => ({
  versionId: row.id,
  name,
  version: row.number,
  format: row.format,
  formats: row.formats,
  stage: row.stage,
  facts: row.facts,
  data: row.data,
  runId: row.runId,
  source: row.source,
  remote: row.remote,
  sizeBytes: row.sizeBytes,
  fileCount: row.fileCount,
  filesRemovedAt: row.filesRemovedAt?.toISOString() ?? null,
  sha256: row.sha256,
  tags: row.tags,
  notes: row.notes,
  limits: row.limits,
  license: row.license ?? row.facts.license,
  evaluation: row.evaluation,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
});

export const toStageRequest = ({
  id,
  number,
  proposedAt,
  decidedAt,
  versionId: _,
  projectId: __,
  ...row
}: StageRow): StageRequest => ({
  ...row,
  requestId: id,
  version: number,
  proposedAt: proposedAt.toISOString(),
  decidedAt: decidedAt?.toISOString() ?? null,
});
