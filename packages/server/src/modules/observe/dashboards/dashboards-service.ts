import type { Dashboard, DashboardFile, DashboardInput, DashboardSummary } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import type { Comments } from "../../system/comments/index.ts";
import { createDashboardStore, type DashboardRow } from "./dashboard-store.ts";
import { DASHBOARD_TEMPLATES } from "./templates.ts";

/** The names of people and API keys by their ids; those that are gone have none. */
export type NamesOf = (projectId: string, actors: readonly string[]) => Promise<ReadonlyMap<string, string>>;
export type DashboardsDeps = {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly comments: Comments;
  readonly namesOf: NamesOf;
};

const MOST_DASHBOARDS = 500;
const LONGEST_NAME = 120;

/** Dashboards of charts, which every member of the project sees. */
export function createDashboards({ db, audit, clock, namesOf }: DashboardsDeps) {
  const store = createDashboardStore(db);

  async function named(scope: Scope, row: DashboardRow): Promise<Dashboard> {
    const names = await namesOf(scope.projectId, [row.createdBy, row.updatedBy]);
    return { ...toSummary({ ...row, chartCount: row.charts.length }, names), charts: row.charts };
  }

  async function find(scope: Scope, dashboardId: string): Promise<DashboardRow> {
    const row = await store.find(scope.projectId, dashboardId);
    if (!row) throw notFound("dashboard", dashboardId);
    return row;
  }

  async function create(scope: Scope, { name, description, charts }: DashboardInput): Promise<Dashboard> {
    const now = clock.now();
    const at = new Date(now);
    const by = { createdBy: scope.actor, createdAt: at, updatedBy: scope.actor, updatedAt: at };
    const row = { id: newId("dash", now), projectId: scope.projectId, name, description, charts, version: 1, ...by };
    await db.transaction(async (tx) => {
      const inside = createDashboardStore(tx);
      if ((await inside.count(scope.projectId)) >= MOST_DASHBOARDS) throw tooMany("dashboards", MOST_DASHBOARDS);
      await inside.create(row);
      const details = { name, charts: charts.length };
      await audit.record(scope, { action: "dashboard.create", target: row.id, details }, tx);
    });
    return named(scope, row);
  }

  return {
    templates: () => DASHBOARD_TEMPLATES,
    create,

    async list(scope: Scope): Promise<DashboardSummary[]> {
      const rows = await store.list(scope.projectId);
      const names = await namesOf(
        scope.projectId,
        rows.flatMap(({ createdBy, updatedBy }) => [createdBy, updatedBy]),
      );
      return rows.map((row) => toSummary(row, names));
    },

    get: async (scope: Scope, dashboardId: string) => named(scope, await find(scope, dashboardId)),

    /** Rejected when the stored version differs from the edited version, so that no change is lost unnoticed. */
    async replace(
      scope: Scope,
      dashboardId: string,
      { version, ...input }: DashboardInput & { version: number },
    ): Promise<Dashboard> {
      const content = { ...input, updatedBy: scope.actor, updatedAt: new Date(clock.now()) };
      const updated = await db.transaction(async (tx) => {
        const row = await createDashboardStore(tx).update(scope.projectId, { dashboardId, version }, content);
        if (!row) return undefined;
        const details = { name: row.name, charts: row.charts.length, version: row.version };
        await audit.record(scope, { action: "dashboard.update", target: dashboardId, details }, tx);
        return row;
      });
      if (updated) return named(scope, updated);
      throw changedMeanwhile(await named(scope, await find(scope, dashboardId)), version);
    },

    async delete(scope: Scope, dashboardId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const name = await createDashboardStore(tx).delete(scope.projectId, dashboardId);
        if (name === undefined) throw notFound("dashboard", dashboardId);
        await audit.record(scope, { action: "dashboard.delete", target: dashboardId, details: { name } }, tx);
      });
    },

    async duplicate(scope: Scope, dashboardId: string): Promise<Dashboard> {
      const { name, description, charts } = await find(scope, dashboardId);
      const suffix = " (copy)";
      return create(scope, { name: name.slice(0, LONGEST_NAME - suffix.length) + suffix, description, charts });
    },

    async export(scope: Scope, dashboardId: string): Promise<DashboardFile> {
      const { name, description, charts } = await find(scope, dashboardId);
      return { format: "treadle-dashboard", formatVersion: 1, name, description, charts };
    },

    import: (scope: Scope, { name, description, charts }: DashboardFile) =>
      create(scope, { name, description, charts }),
  };
}

function changedMeanwhile({ updatedBy, updatedAt, version }: Dashboard, edited: number): AppError {
  return new AppError("conflict", {
    message: `${updatedBy} changed this dashboard at ${updatedAt}. It is now at version ${version}, and you edited version ${edited}. Reload it and repeat your change, or save yours as a copy.`,
    details: { version, updatedBy, updatedAt },
  });
}

type SummaryRow = Omit<DashboardRow, "charts" | "projectId"> & { readonly chartCount: number };

const toSummary = (row: SummaryRow, names: ReadonlyMap<string, string>): DashboardSummary => ({
  dashboardId: row.id,
  name: row.name,
  description: row.description,
  chartCount: row.chartCount,
  version: row.version,
  createdBy: nameOf(names, row.createdBy),
  createdAt: row.createdAt.toISOString(),
  updatedBy: nameOf(names, row.updatedBy),
  updatedAt: row.updatedAt.toISOString(),
});

/** For a deleted person or key, only the id remains. */
export const nameOf = (names: ReadonlyMap<string, string>, actor: string) => names.get(actor) ?? actor;

export const tooMany = (things: string, most: number) =>
  new AppError("unprocessable", { message: `A project has at most ${most} ${things}. Delete one first.` });
