import type { Slo, SloDay, SloInput, SloPreview } from "@treadle/contract";
import { cutPage, wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { SloCounts } from "./compute-status.ts";
import type { SloDeps } from "./deps.ts";
import { estimateJudge } from "./estimate-judge.ts";
import { createDaysJob } from "./follow-days.ts";
import { type Computed, historyOf, toHistory, toPreview, toSlo } from "./present.ts";
import { createCountReader } from "./read-counts.ts";
import type { SloHistory } from "./status-page/deps.ts";
import { createSloStore, type SloRow } from "./store.ts";
import { createSloWrites, getRow } from "./write-slos.ts";

type ListQuery = { readonly limit: number; readonly cursor?: string | undefined; readonly q?: string | undefined };

/** Objectives for the share of good requests. */
export function createSlos(deps: SloDeps) {
  const { db, clock } = deps;
  const reader = createCountReader(deps);
  const job = createDaysJob({ ...deps, reader });
  const compute = async (projectId: string, goal: SloInput, read: Promise<SloCounts>): Promise<Computed> => {
    const [now, counts] = [clock.now(), await read];
    return { counts, now, judge: await estimateJudge(deps, projectId, { goal, counts, now }) };
  };
  const present = async (row: SloRow): Promise<Slo> =>
    toSlo(row, await compute(row.projectId, row, reader.counts(row)));
  return {
    ...createSloWrites({ ...deps, follow: job.follow, present }),
    storeDays: job.storeDays,
    start: job.start,
    async list({ projectId }: Scope, { q, ...page }: ListQuery): Promise<{ items: Slo[]; nextCursor: string | null }> {
      const rows = (await createSloStore(db).list(projectId)).filter((row) => isAbout(row, q));
      const { items, nextCursor } = cutPage(rows, page, ({ name, id }) => [name.toLowerCase(), id]);
      return { items: await inOrder(items, present), nextCursor };
    },
    get: async (scope: Scope, sloId: string): Promise<Slo> => present(await getRow(deps, scope, sloId)),
    async listDays(scope: Scope, sloId: string): Promise<{ items: SloDay[]; nextCursor: null }> {
      const row = await getRow(deps, scope, sloId);
      return wholeList(historyOf(row, await reader.counts(row), clock.now()));
    },
    async readHistory(scope: Scope, sloId: string): Promise<SloHistory> {
      const row = await getRow(deps, scope, sloId);
      return toHistory(row, { counts: await reader.counts(row), now: clock.now() });
    },
    preview: async ({ projectId }: Scope, input: SloInput): Promise<SloPreview> =>
      toPreview(input, await compute(projectId, input, reader.preview(projectId, input))),
  };
}
export type Slos = ReturnType<typeof createSlos>;

const isAbout = ({ name, endpoint }: SloRow, text = "") =>
  `${name} ${endpoint}`.toLowerCase().includes(text.toLowerCase());

/** One at a time, since each may read many spans. */
async function inOrder<Item, Result>(items: readonly Item[], read: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await read(item));
  return results;
}
