import { randomBytes } from "node:crypto";
import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import { MigrationRefusedError } from "../migrations/plan.ts";
import { type Connected, connectFolder, connectServer, type Inserter } from "./connect.ts";
import { migrateColumnar } from "./migrate.ts";
import { type Columnar, type InsertOptions, type Query, RejectedBatchError } from "./port.ts";
import { createReaders } from "./readers.ts";
import { isAboutTheRows } from "./rejected.ts";

type Options = {
  /** A ClickHouse server; without it the embedded engine. */
  readonly url?: string;
  /** The embedded engine's folder; made when it does not exist. A process can have one open. */
  readonly folder: string;
};

const READERS = 3;
/** The longest a question may take; what takes longer would keep others waiting, and its asker has gone. */
const LONGEST_MS = 60_000;
/** A query may not have reached the engine's list yet when it is cancelled, so cancelling is tried again. */
const CANCEL_AGAIN_MS = 100;
const NAME = /^[a-z][a-z0-9_]*$/;

const Version = z.tuple([z.object({ version: z.string() })]);
const Size = z.tuple([z.object({ bytes: z.coerce.number() })]);

/** Opens ClickHouse and brings it up to this program's schema. Throws `MigrationRefusedError` when the data is newer. */
export async function openColumnar({ url, folder }: Options): Promise<Columnar> {
  const connected = url === undefined ? connectFolder(folder) : connectServer(url);
  const [writer, control, ...readers] = openClients(connected);
  const inserter = connected.openInserter();
  const close = async () => {
    await Promise.all([writer, control, inserter, ...readers].map((client) => client.close()));
    connected.close();
  };
  try {
    await migrateColumnar(writer);
    const [{ version }] = Version.parse(await rowsOf(control, { sql: "SELECT version() AS version", params: {} }));
    const clickHouse = `ClickHouse ${version}`;
    const engine = connected.name === null ? clickHouse : `${connected.name} (${clickHouse})`;
    return createColumnar({ engine, writer, control, inserter, readers, close });
  } catch (error) {
    await close();
    if (url === undefined || error instanceof MigrationRefusedError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`ClickHouse at ${new URL(url).host} (TREADLE_CLICKHOUSE_URL) cannot be opened: ${reason}`, {
      cause: error,
    });
  }
}

/** One that writes, one that is never busy for long, and those that answer questions. */
function openClients({ openClient }: Connected): [ClickHouseClient, ClickHouseClient, ...ClickHouseClient[]] {
  return [openClient(), openClient(), ...Array.from({ length: READERS }, openClient)];
}

async function rowsOf(client: ClickHouseClient, { sql, params }: Pick<Query<z.ZodType>, "sql" | "params">) {
  // Settings belong into the SQL: given beside it they would stay set in the embedded engine's session.
  const result = await client.query({ query: sql, query_params: { ...params }, format: "JSONEachRow" });
  return result.json();
}

type Clients = {
  readonly engine: string;
  readonly writer: ClickHouseClient;
  readonly control: ClickHouseClient;
  readonly inserter: Inserter;
  readonly readers: readonly ClickHouseClient[];
  close(): Promise<void>;
};

function createColumnar({ engine, writer, control, inserter, readers, close }: Clients): Columnar {
  const pool = createReaders(readers);
  const insertLines = async (table: string, lines: Buffer, { token }: InsertOptions = {}) => {
    if (!NAME.test(table)) throw new Error(`"${table}" is not a table's name.`);
    if (lines.length === 0) return;
    try {
      await inserter.insert(table, insertSettings(token), lines);
    } catch (error) {
      if (!isAboutTheRows(error)) throw error;
      throw new RejectedBatchError(`The columnar store does not take these rows: ${error.message}`, { cause: error });
    }
  };
  return {
    engine,
    select<Row extends z.ZodType>({ sql, params, row, signal }: Query<Row>) {
      const stop = AbortSignal.any([AbortSignal.timeout(LONGEST_MS), ...(signal ? [signal] : [])]);
      return pool
        .use(stop, async (client) => {
          const marker = `/* ${randomBytes(9).toString("hex")} */`;
          const rows = await withCancel({ control, marker, stop }, rowsOf(client, { sql: `${marker} ${sql}`, params }));
          return z.array(row).parse(rows);
        })
        .catch((error: unknown) => {
          throw stop.aborted ? stopped(stop, signal) : error;
        });
    },
    insertLines,
    insert: (table, rows, options) =>
      insertLines(table, Buffer.from(rows.map((row) => JSON.stringify(row)).join("\n")), options),
    async command(sql, params) {
      await writer.command({ query: sql, query_params: { ...params } });
    },
    async check() {
      await rowsOf(control, { sql: "SELECT 1", params: {} });
    },
    async sizeBytes() {
      const sql = "SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE database = currentDatabase()";
      const [{ bytes }] = Size.parse(await rowsOf(control, { sql, params: {} }));
      return bytes;
    },
    close,
  };
}

const insertSettings = (token: string | undefined) => ({
  // The caller batches, and wants to hear what became of its batch.
  async_insert: 0,
  // A column that does not exist is a mistake to hear of, not a value to lose.
  input_format_skip_unknown_fields: 0,
  // Late or wrongly dated spans must not hold up the batch they came in.
  max_partitions_per_insert_block: 0,
  ...(token !== undefined && { insert_deduplication_token: token }),
});

type Cancelling = { readonly control: ClickHouseClient; readonly marker: string; readonly stop: AbortSignal };

/** Waits for a query, and kills it in the engine when asked to stop: going away alone would leave it running. */
async function withCancel<Result>({ control, marker, stop }: Cancelling, running: Promise<Result>): Promise<Result> {
  const kill = () =>
    control
      .command({ query: "KILL QUERY WHERE startsWith(query, {marker:String}) ASYNC", query_params: { marker } })
      // The query itself tells how it ended; that it could not be killed only means waiting longer.
      .catch(() => {});
  let again: NodeJS.Timeout | undefined;
  const start = () => {
    void kill();
    again = setInterval(kill, CANCEL_AGAIN_MS);
  };
  stop.addEventListener("abort", start, { once: true });
  try {
    return await running;
  } finally {
    stop.removeEventListener("abort", start);
    clearInterval(again);
  }
}

const stopped = (stop: AbortSignal, asker: AbortSignal | undefined) =>
  asker?.aborted
    ? new AppError("cancelled", { cause: asker.reason })
    : new AppError("unprocessable", {
        message: `The question took longer than ${LONGEST_MS / 1_000} seconds, so it was stopped. Ask for a shorter time or filter more.`,
        cause: stop.reason,
      });
