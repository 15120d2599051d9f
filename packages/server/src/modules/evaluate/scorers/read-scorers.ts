import type { Scorer, ScorerVersion } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { findKind } from "./open-kind.ts";
import { createScorerStore, type ScorerRow, type VersionRow } from "./store.ts";

export type ScorersDeps = {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  /** The names of people and API keys by their ids; those that are gone have none. */
  namesOf(projectId: string, actors: readonly string[]): Promise<ReadonlyMap<string, string>>;
};
type Names = ReadonlyMap<string, string>;
type Found = { readonly scorer: ScorerRow; readonly version: VersionRow };
type Page = { readonly limit: number; readonly cursor?: string | undefined };
type Filter = Parameters<ReturnType<typeof createScorerStore>["list"]>[1];

/** For a deleted person or key, only the id remains. */
const nameOf = (names: Names, actor: string) => names.get(actor) ?? actor;

const toVersion = (row: VersionRow, names: Names): ScorerVersion => ({
  version: row.version,
  params: row.params,
  signature: row.signature,
  promptHash: row.promptHash,
  message: row.message,
  author: nameOf(names, row.createdBy),
  createdAt: row.createdAt.toISOString(),
});

const toScorer = ({ scorer, version }: Found, names: Names): Scorer => ({
  scorerId: scorer.id,
  name: scorer.name,
  description: scorer.description,
  kind: scorer.kind,
  output: findKind(scorer.kind).output,
  latestVersion: scorer.latestVersion,
  latest: toVersion(version, names),
  isArchived: scorer.isArchived,
  createdBy: nameOf(names, scorer.createdBy),
  createdAt: scorer.createdAt.toISOString(),
  updatedAt: scorer.updatedAt.toISOString(),
});

/** Stored scorers, as they are. */
export function createScorerReads({ db, namesOf }: Pick<ScorersDeps, "db" | "namesOf">) {
  const store = createScorerStore(db);
  const asScorers = async ({ projectId }: Scope, found: readonly Found[]): Promise<Scorer[]> => {
    const actors = new Set(found.flatMap(({ scorer, version }) => [scorer.createdBy, version.createdBy]));
    const names = await namesOf(projectId, [...actors]);
    return found.map((one) => toScorer(one, names));
  };
  async function find({ projectId }: Scope, ref: string): Promise<Found> {
    const scorer = await store.find(projectId, ref);
    if (!scorer) throw notFound("scorer", ref);
    return scorer;
  }
  async function asScorer(scope: Scope, found: Found): Promise<Scorer> {
    const [scorer] = await asScorers(scope, [found]);
    if (!scorer) throw notFound("scorer", found.scorer.id);
    return scorer;
  }

  return {
    asScorer,
    get: async (scope: Scope, ref: string): Promise<Scorer> => asScorer(scope, await find(scope, ref)),

    async list(scope: Scope, { limit, cursor, ...filter }: Filter & Page) {
      const [after = null] = cursor === undefined ? [] : fromCursor(cursor, 1).map(String);
      const rows = await store.list(scope.projectId, filter, { limit: limit + 1, after });
      const { items, nextCursor } = toPage(rows, limit, ({ scorer }) => [scorer.name]);
      return { items: await asScorers(scope, items), nextCursor };
    },

    async listVersions(scope: Scope, ref: string, { limit, cursor }: Page) {
      const { scorer } = await find(scope, ref);
      const before = cursor === undefined ? null : numberIn(cursor);
      const rows = await store.listVersions(scope.projectId, scorer.id, { limit: limit + 1, before });
      const { items, nextCursor } = toPage(rows, limit, ({ version }) => [version]);
      const names = await namesOf(scope.projectId, [...new Set(items.map(({ createdBy }) => createdBy))]);
      return { items: items.map((row) => toVersion(row, names)), nextCursor };
    },
  };
}
export type ScorerReads = ReturnType<typeof createScorerReads>;

function numberIn(cursor: string): number {
  const [number] = fromCursor(cursor, 1);
  if (typeof number === "number" && Number.isSafeInteger(number) && Math.abs(number) < 2 ** 31) return number;
  throw new AppError("invalid_request", {
    message: "The cursor does not belong to this list. Start again without a cursor.",
  });
}
