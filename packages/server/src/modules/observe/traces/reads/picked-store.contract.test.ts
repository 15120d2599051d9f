import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Score } from "@treadle/contract";
import { afterAll, describe, expect, test } from "vitest";
import { openColumnar } from "../../../../platform/columnar/open.ts";
import { startClickHouseStub } from "../../../../platform/columnar/testing/start-clickhouse-stub.ts";
import { toScoreRow } from "../rows/content-rows.ts";
import { toRow } from "../rows/span-row.ts";
import { freshScope, makeSpan } from "../testing/make-span.ts";
import { createPickedStore, type Pick } from "./picked-store.ts";

// The engine serves one folder per process, so both adapters use the same folder with different projects.
const folder = await mkdtemp(join(tmpdir(), "treadle-picked-"));
const embedded = await openColumnar({ folder });
const stub = await startClickHouseStub(folder);
const server = await openColumnar({ url: stub.url, folder });
afterAll(async () => {
  await server.close();
  await stub.close();
  await embedded.close();
  await rm(folder, { recursive: true, force: true });
});

const idOf = (at: number, digits: number) => (at + 1).toString(16).padStart(digits, "0");
const placeOf = ({ spanId }: { spanId: string }) => Number.parseInt(spanId, 16) - 1;

describe.each([
  { name: "chDB", columnar: embedded },
  { name: "ClickHouse over HTTP", columnar: server },
])("$name", ({ columnar }) => {
  const picked = createPickedStore(columnar);

  /** Spans 0 to 39, each in a separate trace. The position is the span's id. */
  async function keep() {
    const scope = freshScope();
    const spans = Array.from({ length: 40 }, (_, at) =>
      makeSpan({
        traceId: idOf(at, 32),
        spanId: idOf(at, 16),
        startTime: new Date(Date.parse("2026-11-20T10:00:00.000Z") + at * 1_000).toISOString(),
        responseModel: at % 4 === 0 ? "rare" : "common",
      }),
    );
    const toRows = (projectId: string) => spans.map((span) => toRow(projectId, span, false));
    await columnar.insert("spans", toRows(scope.projectId));
    return {
      projectId: scope.projectId,
      judge: (scores: readonly (Partial<Score> & { at: number })[], projectId = scope.projectId) =>
        columnar.insert(
          "scores",
          scores.map(({ at, ...score }) =>
            toScoreRow(projectId, {
              traceId: idOf(at, 32),
              spanId: idOf(at, 16),
              name: "helpful",
              value: null,
              label: "",
              comment: "",
              source: "api",
              time: "2026-11-20T11:00:00.000Z",
              ...score,
            }),
          ),
        ),
      pick: async (pick: Pick, filter = "") => (await picked.pick(scope.projectId, { filter }, pick)).map(placeOf),
    };
  }

  test("the hardest are those with the lowest scores of that name, of the span or of its whole trace, and no others", async () => {
    const { projectId, judge, pick } = await keep();
    await judge([
      { at: 3, value: 0.9 },
      { at: 3, value: 0.1 }, // judged twice: the worse one counts
      { at: 7, value: 0.3 },
      { at: 11, value: 0.2, spanId: "" },
      { at: 12, value: 0.5 },
      { at: 12, value: 0.05, name: "polite" },
      { at: 13, label: "bad" },
      { at: 20, value: 0.7 },
    ]);
    await judge([{ at: 30, value: -1 }], `${projectId}-other`);
    expect(await pick({ kind: "hardest", score: "helpful", size: 3 })).toEqual([3, 11, 7]);
    expect(await pick({ kind: "hardest", score: "helpful", size: 40 })).toEqual([3, 11, 7, 12, 20]);
    expect(await pick({ kind: "hardest", score: "helpful", size: 40 }, "model:rare")).toEqual([12, 20]);
    expect(await pick({ kind: "hardest", score: "nothing", size: 40 })).toEqual([]);
  });

  test("one span of each trace is picked, and traces with many spans are not picked first", async () => {
    const { projectId, pick } = await keep();
    // Trace 5 has 60 more spans.
    const more = Array.from({ length: 60 }, (_, at) =>
      toRow(projectId, makeSpan({ traceId: idOf(5, 32), spanId: idOf(100 + at, 16) }), false),
    );
    await columnar.insert("spans", more);
    const traceOf = (place: number) => (place >= 100 ? 5 : place);
    const all = (await pick({ kind: "one-per-trace", seed: 1, size: 100 })).map(traceOf);
    expect(all.toSorted((left, right) => left - right)).toEqual(Array.from({ length: 40 }, (_, at) => at));
    const seeds = Array.from({ length: 20 }, (_, at) => at + 1);
    const places: number[] = [];
    for (const seed of seeds)
      places.push((await pick({ kind: "one-per-trace", seed, size: 40 })).map(traceOf).indexOf(5));
    // Of 40 places, the mean is 19.5. It would be 0 if the number of spans counted.
    expect(places.reduce((sum, place) => sum + place, 0) / seeds.length).toBeGreaterThan(10);
    expect(await pick({ kind: "one-per-trace", seed: 3, size: 7 })).toEqual(
      await pick({ kind: "one-per-trace", seed: 3, size: 7 }),
    );
  });

  test("a random pick is the same for the same seed, and another for another", async () => {
    const { pick } = await keep();
    const first = await pick({ kind: "random", seed: 1, size: 10 });
    expect(await pick({ kind: "random", seed: 1, size: 10 })).toEqual(first);
    expect(await pick({ kind: "random", seed: 2, size: 10 })).not.toEqual(first);
    expect(new Set(first).size).toBe(10);
    expect(await pick({ kind: "newest", seed: 1, size: 2 })).toEqual([39, 38]);
  });

  test("a stratified pick takes as many of each value as there can be", async () => {
    const { pick } = await keep();
    const places = await pick({ kind: "stratified", by: "model", seed: 1, size: 16 });
    expect(places.filter((at) => at % 4 === 0)).toHaveLength(8);
    expect(places).toHaveLength(16);
    await expect(pick({ kind: "stratified", by: "parameters.x", seed: 1, size: 16 })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });
});
