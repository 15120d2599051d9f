import { expect, test } from "vitest";
import { createMetrics } from "../metrics/metrics.ts";
import { measureSpool } from "./measure-spool.ts";
import { createSpoolBench } from "./testing/memory-store.ts";

test("the metrics page says what is in the spool, and how long it has been there", async () => {
  const bench = await createSpoolBench();
  bench.store.failWith(() => new Error("connection refused"));
  const spool = await bench.open({ limits: { closeMs: 1 } });
  const metrics = createMetrics();
  measureSpool(metrics, spool);
  await spool.append("spans", [{ id: 1 }, { id: 2 }]);
  await expect.poll(() => spool.status().state).toBe("degraded");
  const { body } = await metrics.text();
  expect(body).toContain("treadle_spool_pending_rows 2\n");
  expect(body).toContain("treadle_spool_kept_rows 2\n");
  expect(body).toContain("treadle_spool_degraded 1\n");
  expect(body).toMatch(/^treadle_spool_lag_seconds 0\.\d+$/m);
  await spool.close();
  await bench.remove();
});
