import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { Session } from "chdb";
import { createChdbConnection } from "chdb/connection";
import { type Inserter, openFileInserter } from "./file-inserter.ts";
import { forgetLostBatches } from "./forget-lost-batches.ts";
import { createParameterSetter } from "./set-parameters.ts";

/** How an engine is reached; all else is the same for both. */
export type Connected = {
  /** For example `chDB 3.4.0`. Null for a server, which reports its own version. */
  readonly name: string | null;
  /** Each client of the embedded engine is one session that does one thing at a time. */
  openClient(): ClickHouseClient;
  openInserter(): Inserter;
  close(): void;
};

/** The client would log failed statements as they are, with what people wrote in them. */
const QUIET = { log: { level: ClickHouseLogLevel.OFF } };

const MIB = 1_048_576;

/**
 * The engine shares its process with everything else, so its caches are sized for a laptop, not for a separate machine.
 */
const EMBEDDED_SETTINGS = [
  `--mark_cache_size=${64 * MIB}`,
  `--primary_index_cache_size=${64 * MIB}`,
  `--index_mark_cache_size=${16 * MIB}`,
  `--query_condition_cache_size=${16 * MIB}`,
  "--max_server_memory_usage_to_ram_ratio=0.5",
];

const REQUEST_MS = 300_000;

/**
 * ClickHouse in this process. The engine serves one folder per process, and rejects a folder that another process has
 * open.
 */
export function connectFolder(folder: string): Connected {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  forgetLostBatches(folder);
  // The first session decides the engine's settings; it stays open, since the engine stops with its last session.
  const first = new Session(folder, { connectionArgs: EMBEDDED_SETTINGS });
  const { version } = createRequire(import.meta.url)("chdb/package.json");
  return {
    name: `chDB ${version}`,
    openClient: () => createClient({ ...QUIET, connection: openSession(folder) }),
    openInserter: () => openFileInserter(folder),
    close: () => first.close(),
  };
}

type Connection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>["connection"]>;

/** The engine's binding brings another copy of the client's types along, which the compiler takes for different ones. */
function openSession(folder: string): Connection {
  const session: object = createChdbConnection({ path: folder });
  const isConnection = (value: object): value is Connection =>
    "query" in value && "command" in value && "close" in value;
  if (!isConnection(session)) throw new Error("This version of chDB does not fit the ClickHouse client.");
  const setParameters = createParameterSetter();
  const { query, exec, command } = session;
  return Object.assign(session, {
    query: (params) => query.call(session, setParameters(params)),
    exec: (params) => exec.call(session, setParameters(params)),
    command: (params) => command.call(session, setParameters(params)),
  } satisfies Pick<Connection, "query" | "exec" | "command">);
}

/** A ClickHouse server by its HTTP address, with user, password and database in it. */
export function connectServer(url: string): Connected {
  const openClient = () =>
    createClient({ ...QUIET, url, application: "treadle", request_timeout: REQUEST_MS, max_open_connections: 1 });
  return {
    name: null,
    openClient,
    openInserter() {
      const client = openClient();
      return {
        async insert(table, settings, lines) {
          const { stream } = await client.exec({
            query: `INSERT INTO ${table} FORMAT JSONEachRow`,
            values: Readable.from([lines], { objectMode: false }),
            clickhouse_settings: { ...settings },
          });
          stream.resume();
        },
        close: () => client.close(),
      };
    },
    close() {},
  };
}
