import { expect, test } from "vitest";
import { createLoads } from "./loads.ts";

function openLoads() {
  let now = 0;
  return { ...createLoads({ elapsed: () => now }), wait: (ms: number) => (now += ms) };
}

test("the mean is that of the last 20 calls", () => {
  const loads = openLoads();
  expect(loads.firstTokenMs("a")).toBeNull();
  for (let count = 0; count < 20; count++) loads.measure("a", 1_000);
  for (let count = 0; count < 10; count++) loads.measure("a", 100);
  expect(loads.firstTokenMs("a")).toBe(550);
  for (let count = 0; count < 10; count++) loads.measure("a", 100);
  expect(loads.firstTokenMs("a")).toBe(100);
  expect(loads.firstTokenMs("b")).toBeNull();
});

test("a call counts for ten minutes", () => {
  const loads = openLoads();
  loads.measure("a", 1_000);
  loads.wait(400_000);
  loads.measure("a", 200);
  expect(loads.firstTokenMs("a")).toBe(600);
  loads.wait(300_000);
  expect(loads.firstTokenMs("a")).toBe(200);
  loads.wait(400_000);
  expect(loads.firstTokenMs("a")).toBeNull();
});

test("a call is in flight until it is counted out, once", () => {
  const loads = openLoads();
  const [first, second] = [loads.begin("a"), loads.begin("a")];
  expect([loads.inFlight("a"), loads.inFlight("b")]).toEqual([2, 0]);
  first();
  first();
  expect(loads.inFlight("a")).toBe(1);
  second();
  expect(loads.inFlight("a")).toBe(0);
});
