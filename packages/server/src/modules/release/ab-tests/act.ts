import type { AbTestReport } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { BASELINE_DAYS, createBaselineStore, measureBudgets } from "../comparisons/index.ts";
import { type ApplyChange, refuseUnless } from "./change-test.ts";
import { checkTest } from "./check-test.ts";
import type { AbTestDeps } from "./deps.ts";
import { follow, routeOf } from "./follow-shares.ts";
import type { ReportReader } from "./read-report.ts";
import type { AbTestRow } from "./stores/ab-test-store.ts";

/** What people do with tests. Each decision is stored with the report of its moment. */
export const createActs = (deps: AbTestDeps, apply: ApplyChange, reader: ReportReader) => ({
  start: createStart(deps, apply),

  async stop(scope: Scope, row: AbTestRow): Promise<AbTestRow> {
    const { endpoints, clock } = deps;
    const how = { from: ["running"], verb: "stop" } as const;
    refuseUnless(row, how);
    const endedAt = new Date(clock.now());
    const report = await reportOrNull(reader, { ...row, endedAt });
    return apply(scope, row.id, {
      ...how,
      kind: "stopped",
      message: "",
      report,
      changes: { state: "stopped", report, endedAt },
      route: (tx) => endpoints.setAbTest(tx, scope, { endpointId: row.endpointId, abTest: null }),
    });
  },

  pick: createPick(deps, apply, reader),
});

/** A store of spans that is away must not delay the end of a test: the report can be made later. */
const reportOrNull = (reader: ReportReader, row: AbTestRow): Promise<AbTestReport | null> =>
  reader.report(row).catch(() => null);

function createStart(deps: AbTestDeps, apply: ApplyChange) {
  const { columnar, endpoints, clock } = deps;
  const baseline = createBaselineStore(columnar);
  return async function start(scope: Scope, row: AbTestRow): Promise<AbTestRow> {
    const how = { from: ["draft"], verb: "start" } as const;
    refuseUnless(row, how);
    const { id: abTestId, endpointId, plan } = row;
    const endpoint = await endpoints.get(scope, endpointId);
    checkTest({ endpointId, ...plan }, endpoint);
    const from = clock.now() - BASELINE_DAYS * DAY_MS;
    const past = { projectId: scope.projectId, endpoint: endpoint.name, control: plan.control, unit: plan.unit, from };
    const budgets = await measureBudgets(baseline, past, plan.metrics);
    const arms = divided(plan.arms);
    return apply(scope, abTestId, {
      ...how,
      kind: "started",
      message: "",
      report: null,
      changes: {
        state: "running",
        endpoint: endpoint.name,
        budgets,
        plan: { ...plan, arms },
        startedAt: new Date(clock.now()),
      },
      route: divide(deps, scope, { ...row, plan: { ...plan, arms } }),
    });
  };
}

/** Divides the traffic of the endpoint, at first by the fixed shares in any case. */
const divide =
  (deps: AbTestDeps, scope: Scope, { id, endpointId, plan }: AbTestRow) =>
  async (tx: Postgres): Promise<void> => {
    await deps.endpoints.setAbTest(tx, scope, { endpointId, abTest: routeOf(id, plan, plan.arms) });
    if (plan.adaptive) await follow(deps, tx, scope);
  };

/** Shares that add up to exactly 1, as far as numbers can. */
function divided(arms: AbTestRow["plan"]["arms"]) {
  const total = arms.reduce((sum, { share }) => sum + share, 0);
  return Math.abs(total - 1) < 1e-9 ? arms : arms.map(({ variant, share }) => ({ variant, share: share / total }));
}

const createPick = ({ endpoints, clock }: AbTestDeps, apply: ApplyChange, reader: ReportReader) =>
  async function pick(scope: Scope, row: AbTestRow, winner: string): Promise<AbTestRow> {
    const how = { from: ["running", "stopped"], verb: "pick the winner of" } as const;
    refuseUnless(row, how);
    const arms = row.plan.arms.map(({ variant }) => variant);
    if (!arms.includes(winner))
      throw new AppError("unprocessable", {
        message: `The variant "${winner}" is not an arm of this test. Choose one of: ${arms.join(", ")}.`,
        details: { param: "variant" },
      });
    const endedAt = row.endedAt ?? new Date(clock.now());
    const report = row.report ?? (await reportOrNull(reader, { ...row, endedAt }));
    return apply(scope, row.id, {
      ...how,
      kind: "decided",
      message: `${winner} has the weight of all arms.`,
      report,
      changes: { state: "decided", winner, report, endedAt },
      route: (tx) => endpoints.pickWinner(tx, scope, { endpointId: row.endpointId, abTestId: row.id, winner, arms }),
    });
  };
