import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { LIMITS } from "../../comparisons/index.ts";

type Test = {
  readonly projectId: string;
  readonly abTestId: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly holdout: number;
  readonly most: number;
};
type Drawn = { readonly variant: string; readonly propensity: number };

const DrawRow = z.object({ bucket: z.number(), arm: z.string(), probability: z.number() });

/** The first draw of each unit outside the holdout, by bucket. The units that came last are read if there are too many. */
export async function listDrawn(columnar: Pick<Columnar, "select">, test: Test): Promise<ReadonlyMap<number, Drawn>> {
  const rows = await columnar.select({ sql: DRAWN, params: { ...test, from: Math.floor(test.from) }, row: DrawRow });
  return new Map(rows.map(({ bucket, arm, probability }) => [bucket, { variant: arm, propensity: probability }]));
}

const DRAWN = `SELECT assignment_bucket AS bucket, toString(argMin(variant, start_time)) AS arm,
    argMin(propensity, start_time) AS probability
  FROM spans WHERE project_id = {projectId:String} AND rollout_id = {abTestId:String}
    AND start_time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND assignment_bucket >= {holdout:Float64}
    AND propensity > 0 AND assignment_unit NOT IN ('', 'request')
  GROUP BY bucket ORDER BY max(start_time) DESC LIMIT {most:UInt32} ${LIMITS}`;
