import { isObject } from "../output/cells.ts";
import { createRowWriter } from "../output/write-rows.ts";
import type { OperationRequest } from "./assemble-request.ts";
import { type Call, send, viewOf } from "./call.ts";

/** What the server gives in one page at most. */
const MOST_IN_PAGE = 200;

/** Writes a list: one page, `--limit` rows, or with `--all` every row. */
export async function writePages(call: Call, field: string): Promise<void> {
  const { options, operation, format, sink, io, rowOf } = call;
  if (format === "json") return writeJson(call, field);
  const writer = createRowWriter(sink, { ...viewOf(call), format, tableColumns: operation.columns });
  let count = 0;
  let next: string | null = null;
  for await (const page of pagesOf(call, field)) {
    await writer.write(format === "text" && rowOf ? page.rows.map(rowOf) : page.rows);
    count += page.rows.length;
    next = page.next;
  }
  await writer.end();
  if (format !== "text") return;
  if (count === 0) io.stderr.write("No rows.\n");
  else if (next !== null && options.all !== true)
    io.stderr.write(`There are more rows. Use --all, or --cursor ${next}\n`);
}

/** The response of the server, with the rows of all pages that were read. */
async function writeJson(call: Call, field: string): Promise<void> {
  let whole: unknown;
  for await (const { response, rows } of pagesOf(call, field)) {
    const before = isObject(whole) && Array.isArray(whole[field]) ? whole[field] : [];
    whole = isObject(response) && rows !== response[field] ? { ...response, [field]: [...before, ...rows] } : response;
    if (before.length > 0 && isObject(response)) whole = { ...response, [field]: [...before, ...rows] };
  }
  await call.sink.write(`${JSON.stringify(whole)}\n`);
}

type Page = { readonly response: unknown; readonly rows: readonly unknown[]; readonly next: string | null };

async function* pagesOf(call: Call, field: string): AsyncGenerator<Page, void, undefined> {
  const { client, operation, options } = call;
  const limit = typeof options.limit === "number" ? options.limit : undefined;
  const isPaged = operation.isPaged === true;
  let left = !isPaged ? Number.POSITIVE_INFINITY : options.all === true ? Number.POSITIVE_INFINITY : (limit ?? null);
  let cursor: string | null = null;
  do {
    const size: number | null = isPaged ? (left === null ? null : Math.min(left, MOST_IN_PAGE)) : null;
    const response: unknown = await (await send(client, pageRequest(call.request, size, cursor))).json();
    const rows = isObject(response) && Array.isArray(response[field]) ? response[field] : [];
    const next: string | null =
      isObject(response) && typeof response.nextCursor === "string" ? response.nextCursor : null;
    yield { response, rows, next };
    cursor = next;
    if (left !== null) left -= rows.length;
  } while (isPaged && left !== null && left > 0 && cursor !== null);
}

function pageRequest(request: OperationRequest, size: number | null, cursor: string | null): OperationRequest {
  const [path = "", search] = request.path.split("?");
  const query = new URLSearchParams(search);
  if (size !== null) query.set("limit", String(size));
  if (cursor !== null) query.set("cursor", cursor);
  return { ...request, path: query.size > 0 ? `${path}?${query}` : path };
}
