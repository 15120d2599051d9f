import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { acceptsIdempotencyKey, api, type Route } from "@treadle/contract";
import { Command } from "commander";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HAND_WRITTEN } from "../commands/hand-written.ts";
import { buildProgram } from "../program.ts";
import { startRecordingServer } from "../testing/recording-server.ts";
import { runInProcess } from "../testing/run-in-process.ts";
import { addOperations } from "./add-operation.ts";
import { readManifest } from "./manifest.ts";
import type { Operation } from "./operation.ts";

/**
 * The parts of a JSON Schema that this test reads. It derives the flags independently, and so checks the flags of the
 * manifest.
 */
type Schema = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
};
type Samples = Readonly<Record<string, unknown>>;

/** Commands written by hand that have the name of an operation. */
const WRITTEN_BY_HAND = [
  "dataset create",
  "job cancel",
  "job list",
  "project archive",
  "project create",
  "project delete",
  "project list",
  "project restore",
  "trainer install",
];
const BYTES = Buffer.from([0, 255, 1, 2]);

const manifest = readManifest();
const server = await startRecordingServer();
const folder = mkdtempSync(join(tmpdir(), "treadle-operations-"));
const file = join(folder, "upload.bin");

beforeAll(() => writeFileSync(file, BYTES));
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const routes = Object.entries<Route>(api).filter(([, { isPage }]) => !isPage);

test("the list of commands holds every operation of the contract once, each with its own name, but no page", () => {
  expect(manifest.map(({ endpoint }) => endpoint).sort()).toEqual(routes.map(([endpoint]) => endpoint).sort());
  expect(new Set(manifest.map(({ noun, verb }) => `${noun} ${verb}`)).size).toBe(manifest.length);
});

test.each(routes)("%s is reached by its command, with each of its fields", async (endpoint, route) => {
  const operation = manifest.find((one) => one.endpoint === endpoint);
  if (!operation) throw new Error(`There is no command for ${endpoint}.`);
  const [method = "", template = ""] = endpoint.split(" ");
  const names = [...template.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  const params = Object.fromEntries(names.map((name, place) => [name, `${name} ${place}/ä`]));
  const query = samplesOf(queryShape(route));
  const body = samplesOf(schemaOf(route.body, "input"));
  const acceptsKey = acceptsIdempotencyKey(endpoint, route);
  server.respondWith((_, response) => respondAs(route, response));

  const argv = [
    ...Object.values(params),
    ...flagsOf(query, {}, acceptsKey),
    ...flagsOf(body, query, acceptsKey),
    ...contentOf(operation, body),
    ...(acceptsKey ? ["--idempotency-key", "retry 1"] : []),
  ];
  const { code, stderr } = await run(operation, argv);

  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining("treadle:") });
  const [request, ...more] = server.requests.splice(0);
  expect(more).toEqual([]);
  const path = template.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  expect(request).toMatchObject({ method, path });
  expect(request?.query).toEqual(
    Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
  );
  expect(request?.headers.authorization).toBe("Bearer tr_1");
  expect(request?.headers["idempotency-key"]).toBe(acceptsKey ? "retry 1" : undefined);
  if (operation.body === "json") expect(request?.body).toEqual(Object.keys(body).length > 0 ? body : { sent: true });
  else if (operation.body === "bytes") expect(request?.bytes).toEqual(BYTES);
  else if (operation.body === "multipart") expect(request?.bytes.includes(BYTES)).toBe(true);
  else expect(request?.bytes.length).toBe(0);
});

test("commands written by hand hide these operations and no other", async () => {
  const hidden: string[] = [];
  await runInProcess([], {
    run: async (io) => {
      for (const { name: noun } of HAND_WRITTEN) {
        const { program } = await buildProgram([noun], io);
        const commands = program.commands.find((one) => one.name() === noun)?.commands ?? [];
        const generated = commands.filter(({ options }) => options.some(({ long }) => long === "--jsonl"));
        const verbs = manifest.filter((operation) => operation.noun === noun).map(({ verb }) => verb);
        hidden.push(
          ...verbs.filter((verb) => !generated.some((one) => one.name() === verb)).map((verb) => `${noun} ${verb}`),
        );
      }
    },
  });
  expect(hidden.sort()).toEqual(WRITTEN_BY_HAND);
});

/** Through the whole program; a command that one written by hand hides is run alone. */
function run(operation: Operation, args: readonly string[]) {
  const { noun, verb } = operation;
  const argv = [noun, verb, ...args, "--url", server.url, "--key", "tr_1"];
  if (!WRITTEN_BY_HAND.includes(`${noun} ${verb}`)) return runInProcess(argv);
  return runInProcess(argv, {
    run: (io) => {
      const program = new Command();
      addOperations(program.command(noun), [operation], io);
      return program.parseAsync(argv, { from: "user" });
    },
  });
}

function respondAs(route: Route, response: ServerResponse) {
  if (route.answer === "events")
    response.writeHead(200, { "content-type": "text/event-stream" }).end('data: {"a":1}\n\n');
  if (route.answer === "file") response.writeHead(200, { "content-type": "application/octet-stream" }).end("bytes");
  return { items: [], nextCursor: null };
}

const schemaOf = (shape: Route["body"], io: "input" | "output") =>
  (shape?.toJSONSchema({ io, unrepresentable: "any" }) ?? {}) as Schema;

/** A query carries texts; a field that the server reads as a boolean is a flag without a value. */
function queryShape({ query }: Route): Schema {
  const [input, output] = [schemaOf(query, "input"), schemaOf(query, "output")];
  const fields = Object.entries(input.properties ?? {}).map(([name, field]) => {
    const isBoolean = output.properties?.[name]?.type === "boolean";
    return [name, isBoolean ? { type: "boolean" } : field.anyOf ? { type: "string" } : field];
  });
  return { properties: Object.fromEntries(fields) };
}

/** A value for each field, of every variant of a union. */
function samplesOf(schema: Schema): Samples {
  const objects = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const fields = objects.flatMap(({ properties = {} }) => Object.entries(properties));
  return Object.fromEntries(fields.map(([name, field]) => [name, sampleOf(field)]).reverse());
}

function sampleOf(field: Schema): unknown {
  const [first, ...others] = (field.anyOf ?? field.oneOf ?? [field]).filter(({ type }) => type !== "null");
  if (first?.enum) return first.enum[0];
  if (first?.const !== undefined) return first.const;
  if (others.length > 0) return { any: ["value"] };
  const type = Array.isArray(first?.type) ? first.type.find((one) => one !== "null") : first?.type;
  if (type === "integer" || type === "number") return Math.min(Math.max(1, first?.minimum ?? 1), first?.maximum ?? 1);
  if (type === "boolean") return true;
  if (type === "string") return "a text, with = and ä";
  if (type === "array") return [sampleOf(first?.items ?? {})];
  return { nested: { list: [1, null, "two"] } };
}

const NEVER = new Set(
  "url key project profile header json jsonl csv quiet columns output body file clear wait all help".split(" "),
);

function flagsOf(samples: Samples, others: Samples, acceptsKey: boolean): string[] {
  const usedNames = new Set(Object.keys(others).map(kebab));
  const isReserved = (name: string) => NEVER.has(name) || (acceptsKey && name === "idempotency-key");
  return Object.entries(samples).flatMap(([name, value]) => {
    const flag = `--${usedNames.has(kebab(name)) ? "body-" : isReserved(kebab(name)) ? "set-" : ""}${kebab(name)}`;
    if (value === true) return [flag];
    if (Array.isArray(value) && value.every((entry) => typeof entry !== "object" && typeof entry !== "boolean"))
      return value.flatMap((entry) => [flag, String(entry)]);
    return [flag, typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value)];
  });
}

const kebab = (name: string) => name.replaceAll("_", "-").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function contentOf({ body: kind }: Operation, body: Samples): string[] {
  if (kind === "bytes" || kind === "multipart") return ["--file", file];
  return kind === "json" && Object.keys(body).length === 0 ? ["--body", '{"sent":true}'] : [];
}
