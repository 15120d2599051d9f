import { readEvents } from "@treadle/sdk";
import { type Command, Option } from "commander";
import { headersOf } from "../operations/assemble-request.ts";
import { readBytes, readText } from "../operations/read-value.ts";
import { openSink, type Sink } from "../output/sink.ts";
import { connect, type ServerFlags, withConnectionFlags } from "../shared/connect.ts";
import type { Io } from "../shared/io.ts";
import { describeFailure } from "../shared/report-failure.ts";
import { UsageError } from "../shared/usage-error.ts";

type Flags = ServerFlags & {
  readonly body?: string;
  readonly file?: string;
  readonly query?: readonly string[];
  readonly header?: readonly string[];
  readonly output?: string;
};

const collect = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];

export function addApi(program: Command, io: Io) {
  const command = program
    .command("api")
    .argument("<method>", "GET, POST, PUT, PATCH or DELETE")
    .argument("<path>", "the path, such as /api/v1/datasets?limit=5; docs/reference/endpoints.md lists all paths")
    .option("--body <json>", "the body as JSON, @FILE, or - for standard input")
    .addOption(new Option("--file <file>", "bytes to send; - for standard input").conflicts("body"))
    .option("--query <pair>", "a query parameter, name=value; repeatable", collect)
    .option("--header <line>", 'a header, "name: value"; repeatable', collect)
    .option("--output <file>", "write the response to a file")
    .option("--json", "print the response unchanged, in one line");
  withConnectionFlags(command).action((method: string, path: string, flags: Flags) =>
    run({ method, path }, flags, io).catch((error: unknown) => io.setExitCode(describeFailure(error, flags, io))),
  );
}

async function run({ method, path }: { method: string; path: string }, flags: Flags, io: Io) {
  const verb = method.toUpperCase();
  if (!/^(GET|POST|PUT|PATCH|DELETE)$/.test(verb))
    throw new UsageError(`"${method}" is not a method: GET, POST, PUT, PATCH or DELETE.`);
  if (!/^\/(?![/\\])/.test(path))
    throw new UsageError(`"${path}" is not a path. A path starts with one slash: /api/v1/datasets`);
  const { client } = connect(flags, io.env);
  const response = await client.request(verb, withQuery(path, flags.query ?? []), {
    headers: { ...headersOf({ header: flags.header }) },
    ...(await sentOf(flags, io)),
  });
  const sink = openSink(flags.output, io);
  try {
    await write(response, flags, sink);
  } finally {
    await sink.close();
  }
}

async function sentOf({ body, file }: Flags, io: Io) {
  if (file !== undefined) return { bytes: await readBytes(file, "--file", io) };
  if (body === undefined) return {};
  const text = await readText(body, "--body", io);
  try {
    return { body: JSON.parse(text) as unknown };
  } catch (error) {
    throw new UsageError(`--body is not valid JSON (${error instanceof Error ? error.message : String(error)}).`);
  }
}

function withQuery(path: string, pairs: readonly string[]): string {
  if (pairs.length === 0) return path;
  const query = new URLSearchParams();
  for (const pair of pairs) {
    const [, name, value = ""] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined) throw new UsageError(`--query "${pair}" is not valid. Write name=value.`);
    query.append(name, value);
  }
  return `${path}${path.includes("?") ? "&" : "?"}${query}`;
}

async function write(response: Response, flags: Flags, sink: Sink): Promise<void> {
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) {
    for await (const data of readEvents(response.body ?? new ReadableStream())) await sink.write(`${data}\n`);
  } else if (type.startsWith("application/json"))
    await sink.write(`${JSON.stringify(await response.json(), null, flags.json ? 0 : 2)}\n`);
  else for await (const chunk of response.body ?? []) await sink.write(chunk);
}
