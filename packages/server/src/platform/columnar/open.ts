import { randomBytes } from "node:crypto";
import { buffer, text } from "node:stream/consumers";
import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import { messageOf } from "../../kernel/message-of.ts";
import { MigrationRefusedError } from "../migrations/plan.ts";
import { calmHelpers } from "../threads/priority.ts";
import { connectFolder, connectServer } from "./connect.ts";
import { storeFault } from "./damage.ts";
import { createDamageWatch } from "./damage-watch.ts";
import type { Inserter } from "./file-inserter.ts";
import { migrateColumnar } from "./migrate.ts";
import { type Columnar, type InsertOptions, type Query, RejectedBatchError, type Table } from "./port.ts";
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
const LARGEST_ANSWER = 33_554_432;
/** A query may not have reached the engine's list yet when it is cancelled, so cancelling is tried again. */
const CANCEL_AGAIN_MS = 100;
const NAME = /^[a-z][a-z0-9_]*$/;

const Version = z.tuple([z.object({ version: z.string() })]);
const Size = z.tuple([z.object({ bytes: z.coerce.number() })]);

/** Opens ClickHouse and brings it up to this program's schema. Throws `MigrationRefusedError` when the data is newer. */
export async function openColumnar({ url, folder }: Options): Promise<Columnar> {
  const connected = url === undefined ? connectFolder(folder) : connectServer(url);
  // One for writes, one for short queries, and several for other queries.
  const [writer, control] = [connected.openClient(), connected.openClient()];
  const readers = createReaders({ count: READERS, open: connected.openClient });
  const inserter = connected.openInserter();
  const close = async () => {
    await Promise.all([writer, control, inserter, readers].map((client) => client.close()));
    connected.close();
  };
  try {
    await migrateColumnar(writer);
    calmHelpers();
    const [{ version }] = Version.parse(await rowsOf(control, { query: "SELECT version() AS version" }));
    const clickHouse = `ClickHouse ${version}`;
    const engine = connected.name === null ? clickHouse : `${connected.name} (${clickHouse})`;
    return createColumnar({ engine, writer, control, inserter, readers, close });
  } catch (error) {
    await close();
    if (url === undefined || error instanceof MigrationRefusedError) throw error;
    const reason = messageOf(error);
    throw new Error(`ClickHouse at ${new URL(url).host} (TREADLE_CLICKHOUSE_URL) cannot be opened: ${reason}`, {
      cause: error,
    });
  }
}

type Statement = {
  readonly query: string;
  readonly query_params?: Record<string, unknown>;
  /** All others are part of the SQL: sent separately, they would remain set in the embedded engine's session. */
  readonly clickhouse_settings?: { readonly log_comment: string };
};

const Answer = z.object({
  meta: z.array(z.object({ name: z.string(), type: z.string() })),
  data: z.array(z.array(z.unknown())),
  statistics: z.object({ rows_read: z.number() }).optional(),
});

async function tableOf(client: ClickHouseClient, statement: Statement): Promise<Table> {
  const result = await client.query({ ...statement, format: "JSONCompact" });
  const json = await result.text();
  // The embedded engine ignores its limit on a result's size in non-blocking calls.
  if (json.length > LARGEST_ANSWER)
    throw new AppError("unprocessable", {
      message: `The result is larger than ${LARGEST_ANSWER / 1_048_576} MiB. Read fewer columns or rows; \`input\` and \`output\` are the widest columns.`,
    });
  const { meta, data, statistics } = Answer.parse(JSON.parse(json));
  return { columns: meta, rows: data, rowsRead: statistics?.rows_read ?? 0 };
}

async function bytesOf(client: ClickHouseClient, statement: Statement) {
  const { stream } = await client.exec(statement);
  return buffer(stream);
}

/** A format cannot be requested, because some EXPLAIN statements would include it. */
async function linesOf(client: ClickHouseClient, statement: Statement) {
  const { stream } = await client.exec(statement);
  const answer = await text(stream);
  // The embedded engine answers as CSV with every line in quotes, a server as TSV.
  if (!answer.startsWith('"')) return answer.split("\n").map(unescaped);
  return [...answer.matchAll(/"((?:[^"]|"")*)"/g)].flatMap(([, line = ""]) => line.replaceAll('""', '"').split("\n"));
}

const unescaped = (line: string) =>
  line.replaceAll(/\\(.)/g, (_, letter: string) => ({ n: "\n", t: "\t" })[letter] ?? letter);

async function rowsOf(client: ClickHouseClient, statement: Statement) {
  const result = await client.query({ ...statement, format: "JSONEachRow" });
  return result.json();
}

type Clients = {
  readonly engine: string;
  readonly writer: ClickHouseClient;
  readonly control: ClickHouseClient;
  readonly inserter: Inserter;
  readonly readers: ReturnType<typeof createReaders>;
  close(): Promise<void>;
};

function createColumnar({ engine, writer, control, inserter, readers, close }: Clients): Columnar {
  const insertLines = async (table: string, lines: Buffer, { token }: InsertOptions = {}) => {
    if (!NAME.test(table)) throw new Error(`"${table}" is not a valid table name.`);
    if (lines.length === 0) return;
    try {
      await inserter.insert(table, insertSettings(token), lines);
    } catch (error) {
      if (!isAboutTheRows(error)) throw error;
      throw new RejectedBatchError(`The columnar store rejected these rows: ${error.message}`, { cause: error });
    }
  };
  type Asked = Omit<Query<z.ZodType>, "row">;
  const ask = <Result>(
    { sql, params, signal }: Asked,
    read: (client: ClickHouseClient, statement: Statement) => Promise<Result>,
  ): Promise<Result> => {
    const stop = AbortSignal.any([AbortSignal.timeout(LONGEST_MS), ...(signal ? [signal] : [])]);
    const answer = readers.use(stop, async (client) => {
      const marker = randomBytes(9).toString("hex");
      const settings = { log_comment: marker };
      const statement = { query: sql, query_params: { ...params }, clickhouse_settings: settings };
      return withCancel({ control, marker, stop }, read(client, statement));
    });
    return answer.catch((error: unknown) => {
      if (stop.aborted) throw stopped(stop, signal);
      damage.note(error);
      throw storeFault(error) ?? error;
    });
  };
  const damage = createDamageWatch(async ({ sql, params, row }) =>
    z.array(row).parse(await rowsOf(control, { query: sql, query_params: { ...params } })),
  );
  return {
    engine,
    isOpen: () => true,
    async select<Row extends z.ZodType>({ row, ...query }: Query<Row>) {
      return z.array(row).parse(await ask(query, rowsOf));
    },
    selectTable: (query) => ask(query, tableOf),
    selectBytes: (query) => ask(query, bytesOf),
    explain: (query) => ask(query, linesOf),
    insertLines,
    insert: (table, rows, options) =>
      insertLines(table, Buffer.from(rows.map((row) => JSON.stringify(row)).join("\n")), options),
    async command(sql, params) {
      await writer.command({ query: sql, query_params: { ...params } });
    },
    async check() {
      await rowsOf(control, { query: "SELECT 1" });
    },
    damagedParts: damage.list,
    async sizeBytes() {
      const query = "SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE database = currentDatabase()";
      const [{ bytes }] = Size.parse(await rowsOf(control, { query }));
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
  // Words are indexed when parts are merged: doing it for each small batch, and again at each merge, doubles what a row costs.
  exclude_materialize_skip_indexes_on_insert: "spans_words",
  ...(token !== undefined && { insert_deduplication_token: token }),
});

type Cancelling = { readonly control: ClickHouseClient; readonly marker: string; readonly stop: AbortSignal };

/** Waits for a query, and kills it in the engine when asked to stop: going away alone would leave it running. */
async function withCancel<Result>({ control, marker, stop }: Cancelling, running: Promise<Result>): Promise<Result> {
  const kill = () =>
    control
      // A comment in the text does not work: the embedded engine lists a query with its parameters inserted, and so
      // formatted again.
      .command({ query: `KILL QUERY WHERE Settings['log_comment'] = '${marker}' ASYNC` })
      // The query itself reports how it ended. A failed kill only means a longer wait.
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
        message: `The query took longer than ${LONGEST_MS / 1_000} seconds and was stopped. Choose a shorter time range or add filters.`,
        cause: stop.reason,
      });
