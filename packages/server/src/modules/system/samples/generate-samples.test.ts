import { Span } from "@treadle/contract";
import { expect, test } from "vitest";
import { DAY_MS } from "../../../kernel/day.ts";
import { generateSamples, SAMPLE_TAG } from "./generate-samples.ts";
import { createSamples } from "./service.ts";

const NOW = Date.parse("2026-11-20T09:30:00.000Z");
const WEEK_MS = 7 * DAY_MS;
const spans = generateSamples(NOW);
const share = (isCounted: (span: Span) => boolean) => spans.filter(isCounted).length / spans.length;

test("every sample is a span as the contract wants it, says what it is, and lies in the last seven days", () => {
  for (const span of spans) {
    expect(Span.parse(span)).toEqual(span);
    expect(span.tags).toContain(SAMPLE_TAG);
    const start = Date.parse(span.startTime);
    expect(start >= NOW - WEEK_MS && start + span.durationMs < NOW).toBe(true);
  }
  expect(new Set(spans.map((span) => span.spanId)).size).toBe(spans.length);
});

test("there is a week of traffic at any hour of any day: enough to look at, and quick to generate", () => {
  for (let hour = 0; hour < 7 * 24; hour += 5) {
    const count = generateSamples(NOW + hour * 3_600_000).length;
    expect(count).toBeGreaterThan(600);
    expect(count).toBeLessThan(1_500);
  }
});

test("the same seed gives the same samples, another seed others", () => {
  expect(generateSamples(NOW)).toEqual(spans);
  expect(generateSamples(NOW, 21)).not.toEqual(spans);
});

test("traces are whole trees in which no step outlasts its parent", () => {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  for (const span of spans) {
    if (span.parentSpanId === "") continue;
    const parent = byId.get(span.parentSpanId);
    expect(parent?.traceId).toBe(span.traceId);
    const end = (some: Span | undefined) => Date.parse(some?.startTime ?? "") + (some?.durationMs ?? 0);
    expect(Date.parse(span.startTime)).toBeGreaterThanOrEqual(Date.parse(parent?.startTime ?? ""));
    expect(end(span)).toBeLessThanOrEqual(end(parent) + 1);
  }
});

test("the mix is believable: several models, kinds and errors, some cancelled, no placeholder left open", () => {
  expect(new Set(spans.map((span) => span.responseModel)).size).toBeGreaterThan(5);
  expect(new Set(spans.map((span) => span.kind))).toEqual(
    new Set(["agent", "generation", "embedding", "retrieval", "tool"]),
  );
  expect(new Set(spans.map((span) => span.errorType)).size).toBeGreaterThan(3);
  expect(share((span) => span.status === "error")).toBeGreaterThan(0.01);
  expect(share((span) => span.status === "error")).toBeLessThan(0.1);
  expect(share((span) => span.status === "cancelled")).toBeGreaterThan(0);
  expect(JSON.stringify(spans)).not.toMatch(/\{(order|name|date)\}/);
});

test("two days ago one provider was in trouble, and the fallback answered", () => {
  const troubled = spans.filter((span) => span.attempts.some((attempt) => attempt.status === 529));
  expect(troubled.length).toBeGreaterThan(5);
  expect(new Set(troubled.map((span) => span.startTime.slice(0, 10)))).toEqual(new Set(["2026-11-18"]));
  expect(troubled.some((span) => span.status === "ok" && span.provider === "openai")).toBe(true);
  expect(troubled.some((span) => span.status === "error")).toBe(true);
});

test("seeding happens once: before the project can be seen, and never again", async () => {
  const saved: [string, number][] = [];
  let isMade = false;
  const samples = createSamples({
    projects: {
      async createSampleProject(fill) {
        if (isMade) return null;
        await fill("proj_demo");
        isMade = true;
        return { projectId: "proj_demo" };
      },
    },
    traces: { saveSamples: async (projectId, some) => void saved.push([`${projectId} ${isMade}`, some.length]) },
    clock: { now: () => NOW, elapsed: () => 0 },
  });
  await samples.seed();
  await samples.seed();
  expect(saved).toEqual([["proj_demo false", spans.length]]);
});
