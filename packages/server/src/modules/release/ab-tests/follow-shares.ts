import type { AbTestShare } from "@treadle/contract";
import { z } from "zod";
import { newId } from "../../../kernel/ids.ts";
import { type Scope, systemScope } from "../../../kernel/scope.ts";
import type { JobHandler, JobKind } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { AbTestDeps } from "./deps.ts";
import type { ReportReader } from "./read-report.ts";
import { computeShares, hasMoved } from "./shares/compute-shares.ts";
import { type AbTestRow, createAbTestStore } from "./stores/ab-test-store.ts";

const SHARES_KIND: JobKind<object, null> = { name: "ab-tests", payload: z.object({}), state: z.null() };
const EVERY_SECONDS = 10;

/** Computes the shares of the project's tests every few seconds, from now on. */
export const follow = ({ jobs }: Pick<AbTestDeps, "jobs">, tx: Postgres, scope: Scope) =>
  jobs.send(tx, scope, {
    kind: SHARES_KIND,
    payload: {},
    title: "Adapt the shares of A/B tests",
    key: "ab-tests",
    everySeconds: EVERY_SECONDS,
  });

export function registerShares(deps: AbTestDeps, reader: ReportReader): void {
  deps.jobs.register(SHARES_KIND, followShares(deps, reader));
}

/** Looks at each running test with adaptive shares. A failure concerns its test alone, whose shares stay as they are. */
function followShares(deps: AbTestDeps, reader: ReportReader): JobHandler<object, null> {
  const store = createAbTestStore(deps.db);
  return {
    async run({ scope: { projectId }, signal }) {
      for (const row of await store.listRunning(projectId)) {
        if (row.plan.adaptive === null) continue;
        signal.throwIfAborted();
        await adapt(deps, reader, row).catch((error: unknown) =>
          deps.log.warn({ error, abTestId: row.id }, "the shares of an A/B test were not computed"),
        );
      }
      return null;
    },
  };
}

async function adapt(deps: AbTestDeps, reader: ReportReader, row: AbTestRow): Promise<void> {
  const goal = await reader.goal(row);
  const computed = goal && computeShares(row.plan, goal);
  if (!computed) return;
  const isMoved = await deps.db.transaction((tx) => write(deps, tx, { row, computed }));
  if (isMoved) deps.endpoints.forget(row.projectId);
}

type Writing = { readonly row: AbTestRow; readonly computed: AbTestShare[] };

/** Stores the new counts. If the shares have moved, their event and the endpoint's traffic are stored with them or not at all. */
async function write(deps: AbTestDeps, tx: Postgres, { row, computed }: Writing): Promise<boolean> {
  const { id, projectId, endpointId, plan } = row;
  const store = createAbTestStore(tx);
  const scope = systemScope(projectId);
  const current = await store.lock(projectId, id);
  // A person may have stopped it in the meantime.
  if (current?.state !== "running") return false;
  const before = current.shares ?? plan.arms;
  const isMoved = hasMoved(before, computed);
  const shares = isMoved
    ? computed
    : computed.map((one, place) => ({ ...one, share: before[place]?.share ?? one.share }));
  await store.update(projectId, id, { shares });
  if (!isMoved) return false;
  await deps.endpoints.setAbTest(tx, scope, { endpointId, abTest: routeOf(id, plan, shares) });
  const now = deps.clock.now();
  const event = { id: newId("abev", now), abTestId: id, at: new Date(now), kind: "shares", message: "" } as const;
  await store.addEvent({ ...event, report: null, shares, actor: scope.actor });
  return true;
}

/** How the test divides the traffic of its endpoint. */
export const routeOf = (
  abTestId: string,
  { arms, adaptive }: Pick<AbTestRow["plan"], "arms" | "adaptive">,
  shares: readonly { readonly share: number }[],
) => ({
  abTestId,
  arms,
  adaptive: adaptive && { holdout: adaptive.holdout, shares: shares.map(({ share }) => share) },
});
