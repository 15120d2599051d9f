import { readEvents } from "@treadle/sdk";
import { cellOf, isObject, valueAt } from "../output/cells.ts";
import { columnsOf, type Format, formatOf } from "../output/format.ts";
import { openSink } from "../output/sink.ts";
import { writeObject } from "../output/write-object.ts";
import { createRowWriter } from "../output/write-rows.ts";
import { connect } from "../shared/connect.ts";
import type { Io } from "../shared/io.ts";
import { UsageError } from "../shared/usage-error.ts";
import { assembleRequest } from "./assemble-request.ts";
import { type Call, type Given, send, viewOf } from "./call.ts";
import type { Operation } from "./operation.ts";
import { waitForJob } from "./wait-for-job.ts";
import { writePages } from "./write-pages.ts";

/** Runs one operation of the API and writes its response. Throws what failed. */
export async function runOperation(operation: Operation, { args, options, ...rows }: Given, io: Io): Promise<void> {
  const request = await assembleRequest(operation, { args, options }, io);
  const { client } = connect(options, io.env);
  const sink = openSink(options.output, io);
  try {
    await answer({ client, operation, options, request, sink, format: formatOf(options), io, ...rows });
  } finally {
    await sink.close();
  }
}

async function answer(call: Call): Promise<void> {
  const { operation, client, options } = call;
  if (operation.list !== undefined) return writePages(call, operation.list);
  const response = await send(client, call.request);
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) return writeEvents(response, call);
  if (operation.answer === "file" || !type.includes("json")) return copy(response, call);
  const value: unknown = await response.json();
  const ended = options.wait === true ? await waitForJob(value, call) : value;
  if (call.rowsOf && call.format !== "json") return writeRows(call, call.format, call.rowsOf(ended));
  await writeObject(call.sink, ended, viewOf(call));
}

async function writeRows(call: Call, format: Exclude<Format, "json">, rows: readonly unknown[]): Promise<void> {
  const writer = createRowWriter(call.sink, { ...viewOf(call), format, tableColumns: call.operation.columns });
  await writer.write(rows);
  await writer.end();
}

async function writeEvents(response: Response, { sink, format, operation, options }: Call): Promise<void> {
  const columns = columnsOf(options) ?? operation.columns;
  for await (const data of readEvents(response.body ?? new ReadableStream())) {
    const event = parse(data);
    const isRow = format === "text" && isObject(event) && columns !== undefined;
    await sink.write(
      `${
        isRow
          ? columns
              .map((name) => cellOf(valueAt(event, name)))
              .join("  ")
              .trim()
          : data
      }\n`,
    );
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Such as the `[DONE]` of a chat completion.
    return text;
  }
}

/** Copies bytes as they arrive. A terminal is not given bytes that are no text. */
async function copy(response: Response, { sink, io, options }: Call): Promise<void> {
  const type = response.headers.get("content-type") ?? "";
  if (options.output === undefined && io.stdout.isTTY && !/^text\/|json|csv|markdown|yaml|xml/.test(type))
    throw new UsageError(
      "The response is a binary file. Write it to a file with --output FILE, or to standard output with --output -.",
    );
  for await (const chunk of response.body ?? []) await sink.write(chunk);
}
