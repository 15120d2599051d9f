import type { Span } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY_MS } from "../../../kernel/day.ts";
import { loadSentences } from "../../../platform/inference/child/load-sentences.ts";
import { makeSpan } from "../traces/testing/make-span.ts";
import { DEFAULT_SETTINGS } from "./stores/follow-store.ts";
import { at, NOW } from "./testing/failed-span.ts";
import { openTestIssues, type TestIssues } from "./testing/open-test-issues.ts";

let world: TestIssues;
let model: Awaited<ReturnType<typeof loadSentences>>;

beforeAll(async () => {
  model = await loadSentences();
  world = await openTestIssues(NOW, async (texts, stop) => (await model.embed(texts, stop)).vectors);
});
afterAll(async () => {
  await world?.close();
  await model?.dispose();
});

test("scores below a threshold and negative feedback with text are failures", async () => {
  const scope = await world.project();
  const span = makeSpan({ startTime: at(NOW - 400_000), userId: "ada", release: "2" });
  await world.receive(scope, [span]);
  await world.issues.updateSettings(scope, {
    ...DEFAULT_SETTINGS,
    scores: [{ score: "helpful", direction: "below", value: 0.5 }],
  });
  const judged = { project_id: scope.projectId, trace_id: span.traceId, span_id: span.spanId };
  // Scored long ago, and received now.
  const score = { ...judged, label: "", comment: "", source: "api", received_at: Date.now() - 200_000 };
  const time = ((NOW - 300_000) / 1_000).toFixed(6);
  await world.columnar.insert("scores", [
    { ...score, time, name: "helpful", value: 0.2 },
    { ...score, time, name: "helpful", value: 0.9 },
  ]);
  const slot = { ...judged, kind: "boolean", name: "thumbs", time, is_retracted: false };
  await world.columnar.insert("feedback", [
    {
      ...slot,
      feedback_id: "f1",
      slot: "s1",
      version: (NOW - 300_000) * 1_000,
      value: 0,
      comment: "The refund was wrong",
    },
    {
      ...slot,
      feedback_id: "f2",
      slot: "s2",
      version: (NOW - 299_000) * 1_000,
      value: 0,
      comment: "wrong refund info",
    },
    { ...slot, feedback_id: "f3", slot: "s3", version: (NOW - 298_000) * 1_000, value: 1, comment: "great" },
    { ...slot, feedback_id: "f4", slot: "s4", version: (NOW - 298_000) * 1_000, value: 0, comment: "" },
  ]);
  expect(await world.group(scope)).toBe(3);
  const { items } = await world.list(scope);
  expect(items.map(({ kind, occurrences }) => `${kind} ${occurrences}`).sort()).toEqual(["feedback 2", "score 1"]);
  const feedback = items.find(({ kind }) => kind === "feedback");
  const { items: found } = await world.issues.occurrences(scope, feedback?.issueId ?? "", { limit: 10 });
  expect(found.map(({ message }) => message)).toContain("wrong refund info");
});

test("a score that is received days after its time counts once", async () => {
  const scope = await world.project();
  const [one, other] = [makeSpan({ startTime: at(NOW - 5 * DAY_MS) }), makeSpan({ startTime: at(NOW - 5 * DAY_MS) })];
  await world.receive(scope, [one, other]);
  await world.issues.updateSettings(scope, {
    ...DEFAULT_SETTINGS,
    scores: [{ score: "helpful", direction: "below", value: 0.5 }],
  });
  const insert = ({ traceId, spanId }: Span, timeMs: number, receivedMs: number) =>
    world.columnar.insert("scores", [
      {
        project_id: scope.projectId,
        trace_id: traceId,
        span_id: spanId,
        time: (timeMs / 1_000).toFixed(6),
        name: "helpful",
        value: 0.1,
        label: "",
        comment: "",
        source: "api",
        received_at: receivedMs,
      },
    ]);
  const start = Date.now() - 190_000;
  await insert(one, NOW, start);
  expect(await world.group(scope)).toBe(1);
  await insert(other, NOW - 5 * DAY_MS, start + 100_000);
  world.readTo(start + 300_000);
  expect(await world.group(scope)).toBe(1);
  expect(await world.group(scope)).toBe(0);
  world.readTo(null);
  expect((await world.list(scope)).items).toMatchObject([{ kind: "score", occurrences: 2 }]);
});
