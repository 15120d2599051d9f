import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { api } from "../../../packages/contract/src/index.ts";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let client: Client;
beforeAll(async () => {
  treadle = await openSharedTreadle();
  client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
});
afterAll(() => treadle?.stop());

const Page = z.object({ items: z.array(z.looseObject({})), nextCursor: z.string().nullable() });
const get = async (path: string) => Page.parse(await (await client.request("GET", path)).json());

/** Reads a list with one item per page. */
async function readOneByOne(path: string): Promise<object[]> {
  const items: object[] = [];
  let cursor: string | null = null;
  do {
    const page: z.output<typeof Page> = await get(`${path}?limit=1${cursor === null ? "" : `&cursor=${cursor}`}`);
    expect(page.items.length).toBeLessThanOrEqual(1);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** Lists of the whole project that need no parameter. What belongs to a person is refused to an API key. */
const LISTS = Object.entries(api)
  .filter(([endpoint, { name }]) => /^GET \/api\/v1\/[^:]+$/.test(endpoint) && name.startsWith("list"))
  .filter(([, { permission }]) => permission !== "signed-in")
  .map(([endpoint]) => endpoint.slice("GET ".length))
  .filter((path) => !/(span-values|comments|quarantine|prompt-folders|registry\/filters|undeliverable)/.test(path));

test.each(LISTS)("%s answers items and nextCursor", async (path) => {
  expect(Page.safeParse(await (await client.request("GET", path)).json()).success).toBe(true);
});

describe("a list with pages", () => {
  const names = ["charlie", "alpha", "bravo"];
  const create: Readonly<Record<string, (name: string) => Promise<unknown>>> = {
    "/api/v1/connections": (slug) =>
      client.call("POST /api/v1/connections", { body: { slug, preset: "openai", keys: [{ value: "sk-test-1234" }] } }),
    "/api/v1/endpoints": (name) =>
      client.call("POST /api/v1/endpoints", { body: { name, variants: [{ model: "use-lite-en" }] } }),
    "/api/v1/dashboards": (name) => client.call("POST /api/v1/dashboards", { body: { name } }),
    "/api/v1/views": (name) => client.call("POST /api/v1/views", { body: { name, page: "traces" } }),
    "/api/v1/model-prices": (model) =>
      client.call("POST /api/v1/model-prices", {
        body: { provider: "*", model, inputUsdPerMillion: 1, outputUsdPerMillion: 1 },
      }),
  };

  test.each(Object.keys(create))("%s is read to its end, each item once", async (path) => {
    for (const name of names) await create[path]?.(name);
    const whole = await get(path);
    expect(whole.items).toHaveLength(names.length);
    expect(whole.nextCursor).toBeNull();
    expect(await readOneByOne(path)).toEqual(whole.items);
  });

  test("a cursor of another list is rejected", async () => {
    await expect(get("/api/v1/endpoints?cursor=abc")).rejects.toMatchObject({
      status: 400,
      message: "The cursor does not belong to this list. Start again without a cursor.",
    });
  });
});
