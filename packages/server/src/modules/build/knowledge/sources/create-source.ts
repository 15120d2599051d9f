import type { KnowledgeSource, KnowledgeSourceInput } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { connectorOf } from "../connectors/connectors.ts";
import { createBaseStore } from "../stores/base-store.ts";
import type { SourceSettings } from "../stores/source-settings.ts";
import { createSourceStore, type SourceRow, UPLOADS_NAME } from "../stores/source-store.ts";
import { type SyncMeans, secretContextOf } from "../sync/deps.ts";
import type { SyncJob } from "../sync/sync-job.ts";
import type { SyncSchedule } from "../sync/sync-schedule.ts";
import { presentSources } from "./present-source.ts";
import { mergeSettings, splitInput } from "./source-settings.ts";

const MOST_SOURCES = 50;

export type SourcesMeans = SyncMeans & { readonly sync: SyncJob; readonly schedule: SyncSchedule };

export const createSourceCreation = (deps: SourcesMeans) => ({
  async createSource(scope: Scope, baseId: string, input: KnowledgeSourceInput): Promise<KnowledgeSource> {
    if (!(await createBaseStore(deps.db).findBase(scope.projectId, baseId))) throw notFound("knowledge base", baseId);
    const { kind, ...given } = input;
    const { settings, secret } = splitInput(kind, given);
    const merged = mergeSettings({}, settings);
    await checkSettings(deps, kind, merged);
    const plain = newSource(scope, { baseId, input, now: new Date(deps.clock.now()) });
    const owner = { ...plain, settings: merged };
    const row = { ...owner, secret: sealSecret(deps, owner, secret) };
    const saved = await deps.db.transaction((tx) => saveNew(deps, tx, { scope, row }));
    const [source] = await presentSources(deps, scope, [saved]);
    if (!source) throw notFound("source", row.id);
    return source;
  },
});

type New = { readonly baseId: string; readonly input: KnowledgeSourceInput; readonly now: Date };

/** A source without its settings and its secret. */
const newSource = ({ projectId, actor }: Scope, { baseId, input, now }: New): SourceRow => ({
  id: newId("ksrc", now.getTime()),
  projectId,
  baseId,
  kind: input.kind,
  name: input.name,
  principals: input.principals,
  everySeconds: input.everySeconds,
  isEnabled: input.isEnabled,
  settings: {},
  secret: null,
  lastSync: null,
  jobId: null,
  nextSyncAt: nextAfter(input, now),
  deletedAt: null,
  createdBy: actor,
  createdAt: now,
  updatedAt: now,
});

async function saveNew(deps: SourcesMeans, tx: Postgres, { scope, row }: { scope: Scope; row: SourceRow }) {
  const store = createSourceStore(tx);
  const base = await createBaseStore(tx).lockBase(scope.projectId, row.baseId);
  if (!base) throw notFound("knowledge base", row.baseId);
  await requireFreeName(tx, row.baseId, row.name);
  if ((await store.listSources(row.baseId)).length >= MOST_SOURCES)
    throw new AppError("unprocessable", {
      message: `A knowledge base has at most ${MOST_SOURCES} sources. Delete one first.`,
    });
  await store.createSource(row);
  const jobId = await deps.sync.send(tx, scope, row);
  if (row.nextSyncAt) await deps.schedule.follow(tx, scope.projectId);
  const details = { name: row.name, kind: row.kind, base: base.name, hasSecret: row.secret !== null };
  await deps.audit.record(scope, { action: "knowledge-source.create", target: row.id, details }, tx);
  return { ...row, jobId };
}

export async function requireFreeName(tx: Postgres, baseId: string, name: string): Promise<void> {
  // The first upload creates the source of uploads.
  if (name === UPLOADS_NAME || (await createSourceStore(tx).isNameTaken(baseId, name)))
    throw new AppError("conflict", {
      message: `A source named "${name}" exists already. Choose another name.`,
      details: { param: "name" },
    });
}

export async function checkSettings({ connectors }: SyncMeans, kind: string, settings: SourceSettings): Promise<void> {
  await connectorOf(kind)?.check(connectors, settings);
}

export const nextAfter = (
  { everySeconds, isEnabled }: Pick<SourceRow, "everySeconds" | "isEnabled">,
  now: Date,
): Date | null => (isEnabled && everySeconds !== null ? new Date(now.getTime() + everySeconds * 1_000) : null);

type Owner = { readonly id: string; readonly kind: string; readonly settings: SourceSettings };

export const sealSecret = ({ secrets }: SyncMeans, { id, kind, settings }: Owner, secret: string | undefined) =>
  secret === undefined
    ? null
    : secrets.seal(secret, secretContextOf({ id }, connectorOf(kind)?.placeOf(settings) ?? ""));
