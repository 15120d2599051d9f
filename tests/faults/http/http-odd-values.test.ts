import { api, type Route } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

/** Values that no field of the API expects. Code that compares, prints or reads one without checking its type throws. */
const ODD: Readonly<Record<string, unknown>> = {
  "a length that compares with nothing": { length: { toString: 0 } },
  "a text that is none": { toString: 1, valueOf: [] },
  "a list of nothing": [null],
  "names of every object": JSON.parse('{"__proto__":{"length":1},"constructor":{"prototype":null},"then":true}'),
  "half of a character": "\ud800",
  "a number beyond all": 1e308,
  nothing: null,
};

let treadle: RunningTreadle;
beforeAll(async () => {
  treadle = await startTreadle();
});
afterAll(() => treadle.stop());

const fieldsOf = ({ body }: Route): string[] =>
  body && "shape" in body && typeof body.shape === "object" && body.shape !== null ? Object.keys(body.shape) : [];

/** Bodies that are odd in all fields, in one field, or as a whole. */
function* oddBodies(route: Route): Generator<[what: string, body: unknown]> {
  const fields = fieldsOf(route);
  for (const [what, odd] of Object.entries(ODD)) {
    yield [what, odd];
    yield [`${what} in a list`, [odd]];
    yield [`${what} everywhere`, Object.fromEntries(fields.map((field) => [field, odd]))];
    for (const field of fields) yield [`${what} as ${field}`, { [field]: odd }];
  }
}

async function send(endpoint: string, body: unknown): Promise<{ status: number; text: string }> {
  const [method, template = ""] = endpoint.split(" ");
  const response = await fetch(treadle.url + template.replaceAll(/:\w+/g, "odd"), {
    method,
    headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

test("no endpoint fails on any value in a body", async () => {
  const broken: string[] = [];
  let asked = 0;
  for (const [endpoint, route] of Object.entries<Route>(api)) {
    if (route.body === undefined) continue;
    for (const [what, body] of oddBodies(route)) {
      const { status, text } = await send(endpoint, body);
      asked++;
      // 503 is expected where no model or engine is available here.
      if (status >= 500 && status !== 503) broken.push(`${endpoint}, ${what}: ${status} ${text.slice(0, 200)}`);
    }
  }
  expect(broken).toEqual([]);
  expect(asked).toBeGreaterThan(2_000);
});

test("problems are reported with their place", async () => {
  const { status, text } = await send("POST /api/v1/datasets", { name: { length: { toString: 0 } } });
  expect(status).toBe(400);
  expect(JSON.parse(text).error.message).toContain("body.name: must be a text, not an object");
});
