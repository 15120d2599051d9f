import { api, PERMISSIONS, type Permission } from "@treadle/contract";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { expect, test } from "vitest";
import type { Call, Mounted } from "../../../kernel/call.ts";
import { createLog } from "../../../platform/log/pino-log.ts";
import { createMcp } from "./service.ts";

type Listed = { readonly name: string; readonly annotations: { readonly readOnlyHint: boolean } };
type Asked = {
  readonly method: string;
  readonly params?: object;
  readonly toolsets?: string;
  readonly header?: string;
  readonly permissions?: readonly Permission[];
  readonly mcp?: ReturnType<typeof createMcp>;
};

const mounted: Mounted = Object.entries(api).map(([endpoint, route]) => ({
  endpoint,
  route,
  handle: (call) => ({ items: [], nextCursor: null, asked: endpoint, ...(call.query as object) }),
}));
const docs = new URL("../../../../../../docs/", import.meta.url);
const whole = createMcp({ mounted, docs, version: "0.0.0", log: createLog("silent", { write() {} }) });

async function ask({ method, params = {}, toolsets, header, permissions = PERMISSIONS, mcp = whole }: Asked) {
  let text = "";
  const sink = { head: () => {}, end: (body: string) => (text = body) } as never;
  const headers = {
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
    ...(header !== undefined && { "x-treadle-toolsets": header }),
  };
  const scope = { projectId: "project_1", actor: "key_1", userId: null, permissions: new Set(permissions) };
  const call = { headers, scope, signal: new AbortController().signal, requestId: "r1" } as unknown as Call;
  await mcp.exchange({ ...call, query: { toolsets }, body: { jsonrpc: "2.0", id: 1, method, params }, sink });
  return JSON.parse(text).result;
}
const list = async (asked: Omit<Asked, "method"> = {}): Promise<Listed[]> =>
  (await ask({ method: "tools/list", ...asked })).tools;
const namesOf = async (asked?: Omit<Asked, "method">) => (await list(asked)).map(({ name }) => name);
async function use(name: string, given: object, more: Partial<Asked> = {}) {
  const { content, isError } = await ask({ method: "tools/call", params: { name, arguments: given }, ...more });
  return { text: content[0].text as string, isError: isError === true };
}

test("an owner's key lists at most 31 tools of six toolsets, in no more tokens than the guide states", async () => {
  const tools = await list();
  expect(tools.length).toBeLessThanOrEqual(31);
  const names = tools.map(({ name }) => name);
  for (const name of ["listTraces", "getPrompt", "listDatasetItems", "compareRuns", "searchDocs", "readDoc"])
    expect(names).toContain(name);
  expect(names.slice(0, 2)).toEqual(["searchTools", "callTool"]);
  const { readFile } = await import("node:fs/promises");
  const stated =
    /The default list takes about ([\d,]+) tokens/.exec(await readFile(new URL("guide/mcp.md", docs), "utf8"))?.[1] ??
    "";
  const tokens = encode(JSON.stringify(tools)).length;
  expect(tokens).toBeLessThan(Number(stated.replaceAll(",", "")) * 1.1);
  expect(tokens).toBeGreaterThan(Number(stated.replaceAll(",", "")) * 0.9);
});

test("every tool of the default toolsets exists", async () => {
  expect(await namesOf()).toHaveLength(31);
});

test("toolsets are chosen by the query or a header, and an unknown one is refused with the known ones", async () => {
  const annotation = await namesOf({ toolsets: "annotation" });
  expect(annotation).toEqual(expect.arrayContaining(["searchTools", "callTool", "listAnnotationQueues"]));
  expect(annotation).not.toContain("listTraces");
  expect(annotation).not.toContain("searchDocs");
  expect(await namesOf({ header: "annotation" })).toEqual(annotation);
  expect(await namesOf({ toolsets: "annotation", header: "traces" })).toEqual(annotation);
  expect(await namesOf({ toolsets: "traces, docs" })).toEqual(expect.arrayContaining(["getTrace", "readDoc"]));
  expect((await namesOf({ toolsets: "all" })).length).toBeGreaterThan(300);
  await expect(list({ toolsets: "traces,trases" })).rejects.toMatchObject({
    code: "invalid_request",
    message: expect.stringMatching(/"trases".*traces.*annotation.*all/),
  });
});

test("search tools finds a tool that is not listed, with its arguments, and call tool calls it", async () => {
  expect(await namesOf()).not.toContain("listAnnotationQueues");
  const { tools } = JSON.parse((await use("searchTools", { query: "annotation queues" })).text);
  const tool = tools.find(({ name }: Listed) => name === "listAnnotationQueues");
  expect(tool).toMatchObject({ does: "read", inputSchema: { type: "object", properties: { limit: {} } } });
  const called = await use("callTool", { name: "listJobs", arguments: { limit: 3 } });
  expect(called.isError).toBe(false);
  expect(JSON.parse(called.text)).toMatchObject({ items: [] });
});

test("neither finds nor calls what the key may not do", async () => {
  const permissions = ["traces:read"] as const;
  const { tools } = JSON.parse(
    (await use("searchTools", { query: "create dashboard", limit: 20 }, { permissions })).text,
  );
  expect(tools.map(({ name }: Listed) => name)).not.toContain("createDashboard");
  expect(await use("callTool", { name: "createDashboard", arguments: {} }, { permissions })).toMatchObject({
    isError: true,
    text: expect.stringContaining('"dashboards:write" and "mcp:write"'),
  });
  const reader = await list({ permissions });
  expect(reader.find(({ name }) => name === "callTool")?.annotations.readOnlyHint).toBe(true);
  const owner = await list();
  expect(owner.find(({ name }) => name === "callTool")?.annotations.readOnlyHint).toBe(false);
  const opening = JSON.parse((await use("searchTools", { query: "create api key", limit: 20 })).text);
  expect(opening.tools.map(({ name }: Listed) => name)).not.toContain("createApiKey");
});

test("the documentation is searched and read by page, and no other file is", async () => {
  const { sections } = JSON.parse((await use("searchDocs", { query: "toolsets MCP" })).text);
  expect(sections[0]).toMatchObject({ page: "guide/mcp" });
  expect((await use("readDoc", { page: "guide/mcp" })).text).toContain("# Assistants (MCP)");
  for (const page of ["../README", "guide/../../README", "guide/none"])
    expect(await use("readDoc", { page })).toMatchObject({ isError: true, text: expect.stringContaining("guide/mcp") });
  expect(await use("searchDocs", { qurey: "x" })).toMatchObject({ isError: true });
});

/** Knowledge bases with these names, whose searches say what they were asked. */
function openKnowledge(names: readonly string[]) {
  const bodies: unknown[] = [];
  const hit = { documentId: "kdoc_1", title: "Refunds", uri: "refunds.md", headings: [], page: 2, score: 0.9 };
  const unused = { rank: 1, chunkId: "c", lastPage: 2, start: 0, end: 4, words: null, meaning: null, terms: [] };
  const answers: Readonly<Record<string, (call: { body: unknown; params: object }) => object>> = {
    listKnowledgeBases: () => ({
      items: names.map((name) => ({ knowledgeBaseId: `kb_${name}`, name })),
      nextCursor: null,
    }),
    searchKnowledge: ({ body, params }) => {
      bodies.push({ ...params, ...(body as object) });
      return { knowledgeBaseId: "kb", version: 3, durationMs: 1, hits: [{ ...hit, ...unused, text: "Five days." }] };
    },
  };
  const loose: Mounted = mounted.flatMap((one) => {
    const answer = answers[one.route.name];
    const response = { parse: (value: unknown) => value } as never;
    return answer ? [{ ...one, route: { ...one.route, response }, handle: answer as never }] : [];
  });
  return {
    bodies,
    mcp: createMcp({ mounted: loose, docs, version: "0.0.0", log: createLog("silent", { write() {} }) }),
  };
}

test("a knowledge base is searched by its name, its id, or without either if it is the only one", async () => {
  const { mcp: one, bodies } = openKnowledge(["Handbook"]);
  const found = await use("search_knowledge", { query: "refund" }, { mcp: one });
  expect(JSON.parse(found.text)).toEqual({
    knowledgeBase: "Handbook",
    knowledgeBaseId: "kb_Handbook",
    version: 3,
    chunks: [
      {
        documentId: "kdoc_1",
        title: "Refunds",
        uri: "refunds.md",
        headings: [],
        page: 2,
        score: 0.9,
        text: "Five days.",
      },
    ],
  });
  const { mcp: two, bodies: asked } = openKnowledge(["Handbook", "Other"]);
  const filter = { type: "eq", key: "year", value: 2026 };
  for (const knowledgeBase of ["Other", "kb_Other"])
    await use("search_knowledge", { query: "refund", knowledgeBase, filter, principals: ["user:ada"] }, { mcp: two });
  expect(bodies).toMatchObject([{ knowledgeBaseId: "kb_Handbook", query: "refund", limit: 5 }]);
  expect(asked).toMatchObject([
    { knowledgeBaseId: "kb_Other", filter, principals: ["user:ada"] },
    { knowledgeBaseId: "kb_Other" },
  ]);
  const missing = { isError: true, text: expect.stringContaining('"Handbook", "Other"') };
  expect(await use("search_knowledge", { query: "refund" }, { mcp: two })).toMatchObject(missing);
  expect(await use("search_knowledge", { query: "refund", knowledgeBase: "None" }, { mcp: two })).toMatchObject(
    missing,
  );
  const wrong = { query: "refund", filter: { type: "eq", key: "year" } };
  expect(await use("search_knowledge", wrong, { mcp: one })).toMatchObject({
    isError: true,
    text: expect.stringContaining("arguments.filter.value"),
  });
});

test("the search of knowledge needs the permission to read it, and is left out of other toolsets", async () => {
  expect(await namesOf({ toolsets: "knowledge" })).toEqual(
    expect.arrayContaining(["search_knowledge", "listKnowledgeBases"]),
  );
  expect(await namesOf({ toolsets: "traces" })).not.toContain("search_knowledge");
  expect(await namesOf({ permissions: ["knowledge:read"] })).toContain("search_knowledge");
  const permissions = ["traces:read"] as const;
  expect(await namesOf({ permissions })).not.toContain("search_knowledge");
  expect(await use("search_knowledge", { query: "x" }, { permissions })).toMatchObject({ isError: true });
});
