import type { Scorer, ScorerInput, ScorerPatch, ScorerVersionInput } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { openKind, refuseUnusable } from "./open-kind.ts";
import type { ScorerReads, ScorersDeps } from "./read-scorers.ts";
import type { ScorerMeans } from "./scoring/scorer-tools.ts";
import { createScorerStore, type ScorerRow, type VersionRow } from "./store.ts";

const MOST_SCORERS = 5_000;

type Writing = Pick<ScorersDeps, "clock"> & Pick<ScorerMeans, "sandbox">;
type Draft = {
  readonly scorerId: string;
  readonly version: number;
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
};

/** Makes and changes scorers. Their versions never change. */
export function createScorerWrites(deps: ScorersDeps & Writing, { asScorer }: Pick<ScorerReads, "asScorer">) {
  const { db, audit, clock } = deps;
  async function reread(scope: Scope, scorerId: string): Promise<Scorer> {
    const scorer = await createScorerStore(db).find(scope.projectId, scorerId);
    if (!scorer) throw notFound("scorer", scorerId);
    return asScorer(scope, scorer);
  }

  return {
    async create(scope: Scope, { name, description, kind, params, message }: ScorerInput): Promise<Scorer> {
      const { projectId, actor } = scope;
      const id = newId("scr", clock.now());
      const version = versionRow(deps, scope, { scorerId: id, version: 1, kind, params, message });
      const { createdAt } = version;
      const about = { id, projectId, name, description, kind, latestVersion: 1, isArchived: false };
      const row: ScorerRow = { ...about, createdBy: actor, createdAt, updatedAt: createdAt };
      await db.transaction(async (tx) => {
        const store = createScorerStore(tx);
        if ((await store.count(projectId)) >= MOST_SCORERS) throw tooMany();
        if (!(await store.create(row))) throw nameTaken(name);
        await store.createVersion(version);
        await audit.record(scope, { action: "scorer.create", target: id, details: { name, kind } }, tx);
      });
      return asScorer(scope, { scorer: row, version });
    },

    /** No version is created if the newest version has the same content. */
    async addVersion(
      scope: Scope,
      ref: string,
      input: ScorerVersionInput,
    ): Promise<{ scorer: Scorer; isNew: boolean }> {
      const { id, isNew } = await db.transaction(async (tx) => {
        const store = createScorerStore(tx);
        const scorer = await hold(tx, scope, ref);
        refuseStale(scorer, input);
        const [version, { params, message }] = [scorer.latestVersion + 1, input];
        const row = versionRow(deps, scope, { scorerId: scorer.id, version, kind: scorer.kind, params, message });
        const newest = await store.find(scope.projectId, scorer.id);
        if (newest && sameParams(newest.version.params, row.params)) return { id: scorer.id, isNew: false };
        await store.createVersion(row);
        await store.update(scope.projectId, scorer.id, { latestVersion: version, updatedAt: row.createdAt });
        const details = { name: scorer.name, version };
        await audit.record(scope, { action: "scorer.version.create", target: scorer.id, details }, tx);
        return { id: scorer.id, isNew: true };
      });
      return { scorer: await reread(scope, id), isNew };
    },

    async update(scope: Scope, ref: string, patch: ScorerPatch): Promise<Scorer> {
      const id = await db.transaction(async (tx) => {
        const store = createScorerStore(tx);
        const scorer = await hold(tx, scope, ref);
        if (
          patch.name !== undefined &&
          patch.name !== scorer.name &&
          (await store.isNameTaken(scope.projectId, patch.name))
        )
          throw nameTaken(patch.name);
        await store.update(scope.projectId, scorer.id, { ...patch, updatedAt: new Date(clock.now()) });
        await audit.record(scope, { action: "scorer.update", target: scorer.id, details: { ...patch } }, tx);
        return scorer.id;
      });
      return reread(scope, id);
    },

    async delete(scope: Scope, ref: string): Promise<void> {
      await db.transaction(async (tx) => {
        const { id, name, latestVersion } = await hold(tx, scope, ref);
        await createScorerStore(tx).delete(scope.projectId, id);
        const details = { name, versions: latestVersion };
        await audit.record(scope, { action: "scorer.delete", target: id, details }, tx);
      });
    },
  };
}

function versionRow(means: Writing, { projectId, actor }: Scope, { kind, params, ...draft }: Draft): VersionRow {
  const opened = openKind(kind, params);
  refuseUnusable(opened, means);
  const { params: whole, signature, promptHash } = opened;
  const by = { projectId, createdBy: actor, createdAt: new Date(means.clock.now()) };
  return { ...draft, params: { ...whole }, signature, promptHash, ...by };
}

async function hold(tx: Postgres, { projectId }: Scope, ref: string): Promise<ScorerRow> {
  const row = await createScorerStore(tx).findAndHold(projectId, ref);
  if (!row) throw notFound("scorer", ref);
  return row;
}

/** The order of keys means nothing: a store may not keep it. */
const sameParams = (a: unknown, b: unknown): boolean => inOrder(a) === inOrder(b);
function inOrder(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inOrder).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${inOrder(inner)}`).join()}}`;
}

const tooMany = () =>
  new AppError("unprocessable", { message: `A project has at most ${MOST_SCORERS} scorers. Delete one first.` });
const nameTaken = (name: string) =>
  new AppError("conflict", {
    message: `There is already a scorer "${name}". Add a version to it, or choose another name.`,
    details: { name },
  });

function refuseStale({ latestVersion }: ScorerRow, { expectedLatest }: ScorerVersionInput): void {
  if (expectedLatest === undefined || expectedLatest === latestVersion) return;
  throw new AppError("conflict", {
    message: `Version ${latestVersion} was added in the meantime, and your change is based on version ${expectedLatest}. Compare the two versions, then save again.`,
    details: { latestVersion, expectedLatest },
  });
}
