import type { EndpointFrontier, frontiersApi, ParsedOf } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { DAY_MS } from "../../../kernel/day.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { createEndpoints } from "../../build/endpoints/index.ts";
import { scoresOf } from "../../observe/traces/index.ts";
import type { ArmCounts } from "../comparisons/index.ts";
import { buildFrontier, type VariantData } from "./build-frontier.ts";
import { createFrontierStore, type DayCounts } from "./store.ts";

export type FrontierDeps = {
  readonly columnar: Pick<Columnar, "select">;
  readonly endpoints: Pick<ReturnType<typeof createEndpoints>, "get">;
  /** The tests of an endpoint with adaptive shares. */
  readonly listHoldouts: (
    projectId: string,
    endpointId: string,
  ) => Promise<readonly { readonly abTestId: string; readonly holdout: number }[]>;
  readonly clock: Pick<Clock, "now">;
};
type Query = ParsedOf<(typeof frontiersApi)["GET /api/v1/endpoints/:endpointId/frontier"]>["query"];

const ALPHA = 0.05;
const SCORES = scoresOf({ where: "name = {score:String}" });
const COST = { metric: { kind: "cost" } } as const;
const ERROR = { metric: { kind: "error" } } as const;

/** Cost against quality over the variants of an endpoint. */
export function createFrontiers({ columnar, endpoints, listHoldouts, clock }: FrontierDeps) {
  const store = createFrontierStore(columnar);
  return {
    async get(
      scope: Scope,
      endpointId: string,
      { quality, direction, margin, days }: Query,
    ): Promise<EndpointFrontier> {
      const { name, variants } = await endpoints.get(scope, endpointId);
      const now = clock.now();
      const holdouts = await listHoldouts(scope.projectId, endpointId);
      const from = now - days * DAY_MS;
      const window = { projectId: scope.projectId, endpoint: name, from, ...columnsOf(holdouts) };
      const builtIn = await store.countDays(window, [COST, ERROR]);
      const isRate = quality === "success";
      const values = isRate
        ? builtIn.map(asSuccess)
        : await store.countScores(window, { score: quality, table: SCORES });
      const data = group({ costs: builtIn, values, units: await store.countUnits(window) });
      const alpha = ALPHA / Math.max(1, variants.length - 1);
      const sign = isRate || direction === "higher" ? 1 : -1;
      const built = buildFrontier(variants, data, { isRate, sign, margin, alpha });
      const at = new Date(now).toISOString();
      return { at, endpointId, endpoint: name, quality, margin, days, alpha, ...built };
    },
  };
}
export type Frontiers = ReturnType<typeof createFrontiers>;

const columnsOf = (holdouts: Awaited<ReturnType<FrontierDeps["listHoldouts"]>>) => ({
  tests: holdouts.map(({ abTestId }) => abTestId),
  holdouts: holdouts.map(({ holdout }) => holdout),
});

/** A unit's share of failures, turned to its share of successes. */
function asSuccess({ day, variant, counts }: DayCounts): DayCounts {
  const [, error] = counts;
  if (!error) return { day, variant, counts: [] };
  const { units, sum, squares } = error;
  return { day, variant, counts: [{ ...error, sum: units - sum, squares: units - 2 * sum + squares }] };
}

type Counted = {
  readonly costs: readonly DayCounts[];
  readonly values: readonly DayCounts[];
  readonly units: ReadonlyMap<string, number>;
};

function group({ costs, values, units }: Counted): ReadonlyMap<string, VariantData> {
  const daysOf = (rows: readonly DayCounts[], variant: string) =>
    new Map(
      rows.flatMap((row): [string, ArmCounts][] => {
        const [first] = row.counts;
        return row.variant === variant && first ? [[row.day, first]] : [];
      }),
    );
  return new Map(
    [...units].map(([variant, all]) => [
      variant,
      { cost: daysOf(costs, variant), quality: daysOf(values, variant), units: all },
    ]),
  );
}
