import type { LiveAgreement } from "@treadle/contract";
import { RECENT_DAYS } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromCursor, toPage, wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { dayPlus } from "./days.ts";
import type { LiveAgreementDeps } from "./deps.ts";
import { createFollowing, FOLLOW_KIND } from "./follow-days.ts";
import { createLiveErrors } from "./judge-errors.ts";
import { recentAt, toAgreement, toDay } from "./present.ts";
import { type AgreementRow, createAgreementStore } from "./stores/agreement-store.ts";
import { createDayStore } from "./stores/day-store.ts";
import { createAgreementWrites, type Place } from "./write-agreements.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** The agreement of live judges with people, day by day. */
export function createLiveAgreement(deps: LiveAgreementDeps) {
  const { db, jobs } = deps;
  jobs.register(FOLLOW_KIND, createFollowing(deps));
  const reads = createReads(deps);
  return {
    list: reads.list,
    liveErrors: createLiveErrors(deps),
    ...createAgreementWrites({ ...deps, ...reads }),

    async listDays(scope: Scope, of: Place, { limit, cursor }: Page) {
      const row = await reads.find(scope, of);
      const days = createDayStore(db);
      const before = cursor === undefined ? null : String(fromCursor(cursor, 1)[0]);
      const page = toPage(await days.list(row.id, { limit: limit + 1, before }), limit, ({ day }) => [day]);
      const oldest = page.items.at(-1)?.day;
      const all = oldest === undefined ? [] : await days.listFrom(row.id, dayPlus(oldest, 1 - RECENT_DAYS));
      return { ...page, items: page.items.map((day) => toDay(day, recentAt(all, day.day))) };
    },
  };
}
export type LiveAgreementService = ReturnType<typeof createLiveAgreement>;

function createReads(deps: LiveAgreementDeps) {
  const { db, rules } = deps;
  const store = createAgreementStore(db);

  return {
    async list(scope: Scope, ruleId: string) {
      await rules.get(scope, ruleId);
      return wholeList(await describe(deps, scope, await store.list(scope.projectId, ruleId)));
    },
    async find(scope: Scope, { ruleId, agreementId }: Place): Promise<AgreementRow> {
      const row = await store.find(scope.projectId, agreementId);
      if (!row || row.ruleId !== ruleId) throw notFound("agreement", agreementId);
      return row;
    },
    async describeOne(scope: Scope, row: AgreementRow): Promise<LiveAgreement> {
      const [item] = await describe(deps, scope, [row]);
      if (!item) throw new AppError("internal");
      return item;
    },
  };
}

async function describe(
  { db, namesOf }: Pick<LiveAgreementDeps, "db" | "namesOf">,
  scope: Scope,
  rows: readonly AgreementRow[],
): Promise<LiveAgreement[]> {
  const names = await namesOf(scope.projectId, [...new Set(rows.map(({ createdBy }) => createdBy))]);
  const days = createDayStore(db);
  const items: LiveAgreement[] = [];
  for (const row of rows) {
    const recent = recentAt(await days.listFrom(row.id, dayPlus(row.lastDay, 1 - RECENT_DAYS)), row.lastDay);
    items.push(toAgreement(row, { names, recent }));
  }
  return items;
}
