import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type Columnar, RejectedBatchError } from "./port.ts";
import { openTestColumnar } from "./testing/open-test-columnar.ts";

let columnar: Columnar;
beforeAll(async () => {
  columnar = await openTestColumnar();
});
afterAll(() => columnar.close());

const count = async (projectId: string) => {
  const sql = "SELECT toUInt32(count()) AS n FROM spans WHERE project_id = {projectId:String}";
  const [row] = await columnar.select({ sql, params: { projectId }, row: z.object({ n: z.number() }) });
  return row?.n;
};
const span = (projectId: string, index: number, rest: object = {}) => ({
  project_id: projectId,
  start_time: `${1_790_000_000 + index}.5`,
  trace_id: `trace-${index}`,
  span_id: `span-${index}`,
  ...rest,
});

test("a batch with a token that was inserted before is not inserted again", async () => {
  const rows = Array.from({ length: 50 }, (_, index) => span("tokens", index * 1_000_000));
  await columnar.insert("spans", rows, { token: "it's \\ one" });
  await columnar.insert("spans", rows, { token: "it's \\ one" });
  expect(await count("tokens")).toBe(50);
  await columnar.insert("spans", rows, { token: "another" });
  expect(await count("tokens")).toBe(100);
});

test("rows the table cannot hold are rejected as a batch, and nothing of it is kept", async () => {
  const rows = [span("rejected", 1), span("rejected", 2, { duration_ms: "long" })];
  await expect(columnar.insert("spans", rows)).rejects.toThrow(RejectedBatchError);
  await expect(columnar.insert("spans", [span("rejected", 1, { no_such_column: 1 })])).rejects.toThrow(
    RejectedBatchError,
  );
  await expect(columnar.insertLines("spans", ["{ not json"])).rejects.toThrow(RejectedBatchError);
  expect(await count("rejected")).toBe(0);
});

test("a table that is missing is not the rows' fault", async () => {
  const failed = columnar.insert("no_such_table", [{ a: 1 }]);
  await expect(failed).rejects.toThrow();
  await expect(failed).rejects.not.toBeInstanceOf(RejectedBatchError);
});

test("a cancelled query stops in the engine", async () => {
  const stop = new AbortController();
  const slow = columnar.select({
    sql: "SELECT toString(sum(sipHash64(number))) AS n FROM numbers(100000000000)",
    params: {},
    row: z.object({ n: z.string() }),
    signal: stop.signal,
  });
  setTimeout(() => stop.abort(), 300);
  await expect(slow).rejects.toMatchObject({ code: "cancelled" });
  const running = await columnar.select({
    sql: "SELECT query FROM system.processes WHERE query LIKE '%sipHash64(number))) AS n%' AND query NOT LIKE '%system.processes%'",
    params: {},
    row: z.object({ query: z.string() }),
  });
  expect(running).toEqual([]);
});
