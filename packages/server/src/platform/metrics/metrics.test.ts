import { expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";

test("counters, histograms and gauges come out as a page that Prometheus reads", async () => {
  const metrics = createMetrics();
  metrics.counter({ name: "a_total", help: "a", labels: ["kind"] }).add({ kind: "x" }, 2);
  metrics.histogram({ name: "b_seconds", help: "b" }).observe({}, 0.004);
  metrics.gauge({ name: "c_bytes", help: "c", labels: ["store"], read: () => [{ labels: { store: "s" }, value: 7 }] });
  const { contentType, body } = await metrics.text();
  expect(contentType).toContain("text/plain");
  expect(body).toContain('a_total{kind="x"} 2');
  expect(body).toContain('b_seconds_bucket{le="0.005"} 1');
  expect(body).toContain('c_bytes{store="s"} 7');
  expect(body).toContain("process_resident_memory_bytes");
});

test("a counter adds up by its labels and only grows", async () => {
  const metrics = createMetrics();
  const counter = metrics.counter({ name: "e_total", help: "e", labels: ["kind", "state"] });
  metrics.counter({ name: "f_total", help: "f" });
  counter.add({ kind: "x", state: "y" });
  counter.add({ state: "y", kind: "x" }, 0.5);
  counter.add({ kind: "y", state: "x" });
  for (let look = 0; look < 2; look++) {
    const { body } = await metrics.text();
    expect(body).toContain('e_total{kind="x",state="y"} 1.5\ne_total{kind="y",state="x"} 1\n');
    expect(body).toContain("\nf_total 0\n");
  }
  expect(() => counter.add({ kind: "x", state: "y" }, -1)).toThrow("-1 cannot be added to e_total");
  expect(() => counter.add({ kind: "x", other: "y" })).toThrow('"other" is not a label of this metric');
});

test("a gauge forgets label values that its reader no longer gives", async () => {
  const metrics = createMetrics();
  let stores = ["one", "two"];
  const read = () => stores.map((store) => ({ labels: { store }, value: 1 }));
  metrics.gauge({ name: "d", help: "d", labels: ["store"], read });
  await metrics.text();
  stores = ["two"];
  expect((await metrics.text()).body).not.toContain('store="one"');
});
