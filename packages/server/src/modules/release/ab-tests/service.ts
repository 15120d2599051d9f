import type { AbTest, AbTestInput, AbTestReport, AbTestState } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { MOST_DRAWN } from "../../build/gateway/index.ts";
import { createActs } from "./act.ts";
import { createChange } from "./change-test.ts";
import type { AbTestDeps } from "./deps.ts";
import { registerShares } from "./follow-shares.ts";
import { toAbTest, toEvent } from "./present.ts";
import { createReportReader, type ReportReader } from "./read-report.ts";
import { type AbTestRow, type AbTestStore, createAbTestStore } from "./stores/ab-test-store.ts";
import { listDrawn } from "./stores/draw-store.ts";
import { createDrafts } from "./write-drafts.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };
type Listing = Page & { readonly endpointId?: string | undefined; readonly state?: AbTestState | undefined };
type EventPage = Page & { readonly only?: "shares" | "decisions" | undefined };
type Find = (scope: Scope, abTestId: string) => Promise<AbTestRow>;

/** A/B tests: variants of an endpoint divide its traffic by fixed or adaptive shares, and are compared. */
export function createAbTests(deps: AbTestDeps) {
  const store = createAbTestStore(deps.db);
  const find = createFind(store);
  const reader = createReportReader(deps);
  registerShares(deps, reader);
  return {
    ...createReads(store, find),
    ...createReports(reader, find),
    ...createRouting(deps, store),
    ...createWrites(deps, find, reader),
  };
}
export type AbTests = ReturnType<typeof createAbTests>;

const createFind =
  (store: AbTestStore): Find =>
  async ({ projectId }, abTestId) => {
    const row = await store.find(projectId, abTestId);
    if (!row) throw notFound("A/B test", abTestId);
    return row;
  };

const createReads = (store: AbTestStore, find: Find) => ({
  async list({ projectId }: Scope, { limit, cursor, ...wanted }: Listing) {
    const before = cursor === undefined ? null : fromTimeCursor(cursor);
    const rows = await store.list(projectId, { ...wanted, limit: limit + 1, before });
    const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
    return { ...page, items: page.items.map(toAbTest) };
  },

  async get(scope: Scope, abTestId: string): Promise<AbTest> {
    return toAbTest(await find(scope, abTestId));
  },

  async listEvents(scope: Scope, abTestId: string, { limit, cursor, only }: EventPage) {
    await find(scope, abTestId);
    const before = cursor === undefined ? null : fromTimeCursor(cursor);
    const rows = await store.listEvents(scope.projectId, abTestId, { limit: limit + 1, before, only });
    const page = toPage(rows, limit, ({ at, id }) => [at.toISOString(), id]);
    return { ...page, items: page.items.map(toEvent) };
  },
});

const createReports = (reader: ReportReader, find: Find) => ({
  /** The report of now, or of the end of a test that is over. */
  async report(scope: Scope, abTestId: string): Promise<AbTestReport> {
    const row = await find(scope, abTestId);
    refuseDraft(row);
    return row.report ?? reader.report(row);
  },

  async segments(scope: Scope, abTestId: string, by: string) {
    const row = await find(scope, abTestId);
    refuseDraft(row);
    return reader.segments(row, by);
  },
});

/** What other modules need to know of adaptive shares. */
const createRouting = ({ columnar, log }: AbTestDeps, store: AbTestStore) => ({
  /** For the gateway after a restart: the variants that adaptive shares gave, by bucket. null if they cannot be read. */
  async loadDrawn(projectId: string, abTestId: string) {
    try {
      const row = await store.find(projectId, abTestId);
      if (!row?.plan.adaptive) return new Map();
      const { holdout } = row.plan.adaptive;
      const from = row.startedAt?.getTime() ?? 0;
      return await listDrawn(columnar, { projectId, abTestId, holdout, from, most: MOST_DRAWN });
    } catch (error) {
      log.warn({ error, abTestId }, "the units of an A/B test could not be read");
      return null;
    }
  },

  /** The holdout of each test of the endpoint that has adaptive shares. */
  async listHoldouts(projectId: string, endpointId: string) {
    const rows = await store.listAdaptive(projectId, endpointId);
    return rows.map(({ id, plan }) => ({ abTestId: id, holdout: plan.adaptive?.holdout ?? 1 }));
  },
});

function createWrites(deps: AbTestDeps, find: Find, reader: ReportReader) {
  const apply = createChange(deps);
  const drafts = createDrafts(deps, apply);
  const acts = createActs(deps, apply, reader);
  return {
    async create(scope: Scope, input: AbTestInput): Promise<AbTest> {
      return toAbTest(await drafts.create(scope, input));
    },

    async replace(scope: Scope, abTestId: string, input: AbTestInput): Promise<AbTest> {
      return toAbTest(await drafts.replace(scope, abTestId, input));
    },

    delete: drafts.delete,

    async start(scope: Scope, abTestId: string): Promise<AbTest> {
      return toAbTest(await acts.start(scope, await find(scope, abTestId)));
    },

    async stop(scope: Scope, abTestId: string): Promise<AbTest> {
      return toAbTest(await acts.stop(scope, await find(scope, abTestId)));
    },

    async pick(scope: Scope, abTestId: string, variant: string): Promise<AbTest> {
      return toAbTest(await acts.pick(scope, await find(scope, abTestId), variant));
    },
  };
}

function refuseDraft({ id, state }: AbTestRow): void {
  if (state !== "draft") return;
  throw new AppError("conflict", {
    message: "This A/B test has not started, so there is no report. Start it first.",
    details: { abTestId: id, state },
  });
}
