import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openColumnar } from "../../../../platform/columnar/open.ts";
import { startClickHouseStub } from "../../../../platform/columnar/testing/start-clickhouse-stub.ts";
import { freshScope, makeSpan, NOTHING } from "../testing/make-span.ts";
import { toRow, toStored } from "./span-row.ts";

const folder = await mkdtemp(join(tmpdir(), "treadle-stored-"));
const embedded = await openColumnar({ folder });
const stub = await startClickHouseStub(folder);
const server = await openColumnar({ url: stub.url, folder });
afterAll(async () => {
  await server.close();
  await stub.close();
  await embedded.close();
  await rm(folder, { recursive: true, force: true });
});

const SPANS = [
  makeSpan(),
  makeSpan(NOTHING),
  makeSpan({ ...NOTHING, costUsd: 0, timeToFirstTokenMs: 0, tags: [""], isCacheHit: true, input: "", output: [] }),
];

describe.each([
  { name: "chDB", columnar: embedded },
  { name: "ClickHouse over HTTP", columnar: server },
])("$name", ({ columnar }) => {
  test("what is left out of a row is what its column has by itself", async () => {
    const read = async (write: (row: ReturnType<typeof toRow>) => Readonly<Record<string, unknown>>) => {
      const { projectId } = freshScope();
      const rows = SPANS.map((span) => ({ ...toRow(projectId, span, false), received_at: 1_795_851_380_265 }));
      await columnar.insert("spans", rows.map(write));
      const { rows: found } = await columnar.selectTable({
        sql: "SELECT * EXCEPT project_id FROM spans WHERE project_id = {projectId:String} ORDER BY span_id",
        params: { projectId },
      });
      return found;
    };
    const whole = await read((row) => row);
    expect(whole).toHaveLength(SPANS.length);
    expect(await read(toStored)).toEqual(whole);
  });

  test("a row of nothing is a third shorter", () => {
    const row = toRow("proj_1", makeSpan(NOTHING), false);
    expect(JSON.stringify(toStored(row)).length).toBeLessThan(JSON.stringify(row).length * 0.67);
  });
});
