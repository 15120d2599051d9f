import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let client: Client;
let datasetId: string;

beforeAll(async () => {
  treadle = await openSharedTreadle();
  client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  ({ datasetId } = await client.call("POST /api/v1/datasets", { body: { name: "questions" } }));
});
afterAll(() => treadle?.stop());

/** Questions of which every third is followed by a near-duplicate. */
const questions = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, place) => from + place).flatMap((at) => {
    const question = `Tell me what order ${at * 7_919} of customer ${at * 31} says about parcel ${at * 17} that was sent to district ${at * 104_729} by truck ${at * 13} on the road from depot ${at * 11}`;
    const item = { itemId: `q${at}`, inputs: { question }, metadata: { user: `u${at % 40}` } };
    return at % 3 === 0 ? [item, { ...item, itemId: `near${at}`, inputs: { question: `${question} please` } }] : [item];
  });
const add = (items: ReturnType<typeof questions>) =>
  client.call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });

async function apply(stepId: string, params: Record<string, unknown> = {}) {
  const { jobId } = await client.call("POST /api/v1/datasets/:datasetId/curation/apply", {
    params: { datasetId },
    body: { steps: [{ stepId, params }] },
  });
  const job = () => client.call("GET /api/v1/jobs/:jobId", { params: { jobId } });
  await expect.poll(async () => (await job()).status, { timeout: 60_000 }).toBe("done");
  return (await job()).result;
}
const commit = () =>
  client.call("POST /api/v1/datasets/:datasetId/draft/commit", { params: { datasetId }, body: { message: "split" } });

async function splitsIn(at: string): Promise<Map<string, string | null>> {
  const splits = new Map<string, string | null>();
  let cursor: string | undefined;
  do {
    const page = await client.call("GET /api/v1/datasets/:datasetId/items", {
      params: { datasetId },
      query: { at, limit: 200, ...(cursor !== undefined && { cursor }) },
    });
    for (const { itemId, split } of page.items) splits.set(itemId, split);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return splits;
}

test("splits keep near-duplicates together, stay as they are when items come, and give nothing away", async () => {
  await add(questions(1, 301));
  await apply("split");
  const first = await commit();
  const before = await splitsIn(String(first.version));
  expect(before.size).toBe(400);
  for (let at = 3; at <= 300; at += 3) expect(before.get(`near${at}`)).toBe(before.get(`q${at}`));
  expect(new Set(before.values())).toEqual(new Set(["train", "validation", "test"]));

  await add(questions(301, 450));
  await apply("split");
  const after = await splitsIn("draft");
  expect(after.size).toBeGreaterThan(590);
  for (const [itemId, split] of before) expect(after.get(itemId)).toBe(split);
  expect([...after.values()]).not.toContain(null);
  expect(await apply("leak-check")).toMatchObject({ outcomes: [{ removed: 0, edited: 0 }] });
});

test("leaks of a group that was torn apart are found and named", async () => {
  const result = await apply("leak-check", { groupBy: ["metadata.user"], near: false, action: "flag" });
  expect(result).toMatchObject({
    outcomes: [
      { removed: 0, rules: expect.arrayContaining([{ rule: "train-test", removed: 0, edited: expect.any(Number) }]) },
    ],
  });
});
