import { basename } from "node:path";
import type { Io } from "../shared/io.ts";
import { UsageError } from "../shared/usage-error.ts";
import type { Flag, Operation } from "./operation.ts";
import { readAny, readBytes, readJson } from "./read-value.ts";

export type OperationRequest = {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body?: unknown;
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
};

/** The values of a command's flags, by the names that commander gives them. */
export type Options = Readonly<Record<string, unknown>>;

/** The name under which commander holds the value of a flag. */
export const optionName = (flag: string) => flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The request of a command line. Throws a `UsageError` for what is missing or cannot be read. */
export async function assembleRequest(
  operation: Operation,
  { args, options }: { args: readonly string[]; options: Options },
  io: Io,
): Promise<OperationRequest> {
  const [method = "GET", template = "/"] = operation.endpoint.split(" ");
  const path = (operation.params ?? []).reduce(
    (text, { field }, place) => text.replace(`:${field}`, () => encodeURIComponent(args[place] ?? "")),
    template,
  );
  const query = new URLSearchParams();
  for (const flag of operation.flags ?? []) {
    const value = options[optionName(flag.name)];
    if (flag.in !== "query") continue;
    if (value !== undefined) query.set(flag.field, String(value));
    else if (flag.required) throw missing([flag]);
  }
  const search = query.size > 0 ? `?${query}` : "";
  return { method, path: path + search, ...(await bodyOf(operation, options, io)) };
}

async function bodyOf(operation: Operation, options: Options, io: Io) {
  const headers = { ...headersOf(options), ...keyHeader(operation, options) };
  if (operation.body === undefined) return { headers };
  if (operation.body === "json") return { headers, body: await jsonBody(operation, options, io) };
  const file = textOf(options.file);
  if (file === undefined) throw new UsageError("Name the file to send: --file FILE, or --file - for standard input.");
  const bytes = await readBytes(file, "--file", io);
  if (operation.body === "bytes")
    return { bytes, headers: { "content-type": operation.type ?? "application/octet-stream", ...headers } };
  const form = new FormData();
  form.set("purpose", textOf(options.purpose) ?? "fine-tune");
  form.set("file", new Blob([bytes]), file === "-" ? "file.jsonl" : basename(file));
  const encoded = new Response(form);
  return {
    bytes: new Uint8Array(await encoded.arrayBuffer()),
    headers: { "content-type": encoded.headers.get("content-type") ?? "", ...headers },
  };
}

/** The fields of `--body`, and over them the fields that have a flag. */
async function jsonBody(operation: Operation, options: Options, io: Io): Promise<unknown> {
  const whole = textOf(options.body);
  const start = whole === undefined ? undefined : await readJson(whole, "--body", io);
  const flags = (operation.flags ?? []).filter((flag) => flag.in === "body");
  const fields: Record<string, unknown> = {};
  for (const flag of flags) {
    const value = await fieldValue(flag, options[optionName(flag.name)], io);
    if (value !== undefined) fields[flag.field] = value;
  }
  for (const name of listOf(options.clear)) fields[fieldNamed(name, flags)] = null;
  if (Object.keys(fields).length === 0 && start !== undefined) return start;
  if (start !== undefined && !isObject(start))
    throw new UsageError(
      "--body is not an object, so no other field can be set with it. Send an object, or leave out the other flags.",
    );
  const body = { ...start, ...fields };
  const absent = flags.filter(({ required, field }) => required && !(field in body));
  if (absent.length > 0) throw missing(absent);
  if (flags.length === 0 && start === undefined)
    throw new UsageError("A body is required: --body JSON, --body @FILE or --body -.");
  return body;
}

async function fieldValue({ kind, name }: Flag, value: unknown, io: Io): Promise<unknown> {
  const text = textOf(value);
  if (text === undefined) return value;
  if (kind === "json") return readJson(text, `--${name}`, io);
  return kind === "any" ? readAny(text, `--${name}`, io) : value;
}

function fieldNamed(name: string, flags: readonly Flag[]): string {
  const flag = flags.find((one) => one.nullable && (one.name === name || one.field === name));
  if (flag) return flag.field;
  const names = flags.filter(({ nullable }) => nullable).map((one) => one.name);
  throw new UsageError(
    `--clear ${name}: this field cannot be null. Fields that can be null: ${names.join(", ") || "none"}.`,
  );
}

const missing = (flags: readonly Flag[]) =>
  new UsageError(
    `Missing ${flags.map(({ name, kind }) => `--${name}${kind === "boolean" ? "" : " VALUE"}`).join(", ")}.`,
  );

function keyHeader({ acceptsKey }: Operation, { idempotencyKey }: Options): Record<string, string> {
  const key = acceptsKey ? textOf(idempotencyKey) : undefined;
  return key === undefined ? {} : { "idempotency-key": key };
}

/** The headers of `--header "name: value"`. */
export function headersOf(options: Options): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of listOf(options.header)) {
    const [, name, value = ""] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) throw new UsageError(`--header "${line}": write it as "name: value".`);
    headers[name.toLowerCase()] = value;
  }
  return headers;
}

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);
const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
