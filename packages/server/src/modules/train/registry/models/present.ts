import type { ModelVersion, RegistryModel, StageRequest } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import { findLicenses } from "../refs/find-licenses.ts";
import { type AliasRow, createAliasStore } from "../stores/alias-store.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import { createModelStore, type ModelRow } from "../stores/model-store.ts";
import { createStageStore, type StageRow } from "../stores/stage-store.ts";
import { createVersionStore, type VersionRow } from "../stores/version-store.ts";

/** Why a version cannot be served here, or null. */
export type WhyNot = (row: VersionRow) => string | null;
type Shown = { readonly model: ModelRow; readonly rows: readonly VersionRow[]; readonly whyNot: WhyNot };

/** Rows as response objects, with related values of other tables. Users appear by name; deleted users by id. */
export function createPresenter({ db, namesOf }: Pick<RegistryDeps, "db" | "namesOf">) {
  const namer = async (projectId: string, actors: readonly string[]) => {
    const names = await namesOf(projectId, actors);
    return (actor: string) => names.get(actor) ?? actor;
  };

  return {
    async models(projectId: string, rows: readonly ModelRow[]): Promise<RegistryModel[]> {
      const ids = rows.map(({ id }) => id);
      const aliases = await createAliasStore(db).list(ids);
      const latest = await createVersionStore(db).findLatest(ids);
      const counts = await createModelStore(db).countVersions(ids);
      const nameOf = await namer(projectId, [
        ...rows.map(({ createdBy }) => createdBy),
        ...aliases.map(({ movedBy }) => movedBy),
      ]);
      return rows.map((row) => ({
        name: row.name,
        description: row.description,
        tags: row.tags,
        keepVersions: row.keepVersions,
        retention: row.retention,
        aliases: aliases.filter(({ modelId }) => modelId === row.id).map((alias) => toAlias(alias, nameOf)),
        latest: toLatest(latest.get(row.id)),
        versions: counts.get(row.id) ?? 0,
        createdBy: nameOf(row.createdBy),
        createdAt: row.createdAt.toISOString(),
        updatedAt: row.updatedAt.toISOString(),
      }));
    },

    async versions({ actor }: Pick<Scope, "actor">, { model, rows, whyNot }: Shown): Promise<ModelVersion[]> {
      const aliases = await createAliasStore(db).list([model.id]);
      const pending = await createStageStore(db).listPending(rows.map(({ id }) => id));
      const { projectId } = model;
      const bases = await createVersionStore(db).namesOf(
        projectId,
        rows.flatMap(({ baseVersionId }) => baseVersionId ?? []),
      );
      const nameOf = await namer(projectId, [
        ...rows.map(({ createdBy }) => createdBy),
        ...pending.map(({ proposedBy }) => proposedBy),
      ]);
      const licenseOf = await findLicenses({ db }, projectId, rows);
      return rows.map((row) => {
        const why = whyNot(row);
        const request = pending.find(({ versionId }) => versionId === row.id);
        return {
          ...toVersion(model.name, row),
          ...licenseOf(row),
          createdBy: nameOf(row.createdBy),
          aliases: aliases.filter(({ versionId }) => versionId === row.id).map(({ alias }) => alias),
          base:
            row.baseRef === null
              ? null
              : { ref: row.baseRef, hash: row.baseHash, version: bases.get(row.baseVersionId ?? "") ?? null },
          canServe: why === null,
          whyNot: why,
          pending: request ? toPending(request, { actor, nameOf }) : null,
        };
      });
    },

    async stageRequests({ projectId, actor }: Scope, rows: readonly StageRow[]): Promise<StageRequest[]> {
      const nameOf = await namer(
        projectId,
        rows.flatMap(({ proposedBy, decidedBy }) => (decidedBy === null ? [proposedBy] : [proposedBy, decidedBy])),
      );
      return rows.map((row) => toStageRequest(row, { actor, nameOf }));
    },
  };
}

type NameOf = (actor: string) => string;
type Looker = { readonly actor: string; readonly nameOf: NameOf };

const toAlias = ({ alias, number, movedAt, movedBy }: AliasRow, nameOf: NameOf) => ({
  alias,
  version: number,
  movedAt: movedAt.toISOString(),
  movedBy: nameOf(movedBy),
});

const toPending = ({ id, stage, note, proposedBy, proposedAt }: StageRow, { actor, nameOf }: Looker) => ({
  requestId: id,
  stage,
  note,
  proposedBy: nameOf(proposedBy),
  proposedAt: proposedAt.toISOString(),
  isOwn: proposedBy === actor,
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
  training: row.training,
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
  evaluation: row.evaluation,
  createdAt: row.createdAt.toISOString(),
});

const toStageRequest = (
  { id, number, proposedAt, decidedAt, versionId: _, projectId: __, ...row }: StageRow,
  { actor, nameOf }: Looker,
): StageRequest => ({
  ...row,
  requestId: id,
  version: number,
  proposedBy: nameOf(row.proposedBy),
  proposedAt: proposedAt.toISOString(),
  isOwn: row.proposedBy === actor,
  decidedBy: row.decidedBy === null ? null : nameOf(row.decidedBy),
  decidedAt: decidedAt?.toISOString() ?? null,
});
