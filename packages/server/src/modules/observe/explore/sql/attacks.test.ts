import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../../platform/columnar/testing/open-test-columnar.ts";
import { toRow } from "../../traces/rows/span-row.ts";
import { freshScope, makeSpan } from "../../traces/testing/make-span.ts";
import { createExploreServices } from "../index.ts";

const [mine, theirs] = [freshScope(), freshScope()];
const SECRET = "xyzzy";
let columnar: Columnar;
let insights: ReturnType<typeof createExploreServices>;

/** The log, which reports attacks that only the plan detected. */
const warned: object[] = [];
const log = { debug() {}, info() {}, warn: (fields: object) => void warned.push(fields), error() {} };

beforeAll(async () => {
  columnar = await openTestColumnar();
  insights = createExploreServices({
    columnar,
    clock: systemClock,
    log,
    traces: { listTraces: async () => ({ items: [], nextCursor: null }) },
  });
  const own = Array.from({ length: 3 }, (_, place) => makeSpan({ userId: String(place), durationMs: 5, tags: ["t"] }));
  // In the same part and granule, so that only the filter stands between the two.
  const foreign = Array.from({ length: 777 }, () =>
    makeSpan({ userId: SECRET, name: SECRET, durationMs: 123_456, tags: [SECRET], metadata: { [SECRET]: SECRET } }),
  );
  // Received at a time that differs from all searched numbers.
  const received = { received_at: 1_795_851_380_265 };
  await columnar.insert("spans", [
    ...own.map((span) => ({ ...toRow(mine.projectId, span, false), ...received })),
    ...foreign.map((span) => ({ ...toRow(theirs.projectId, span, false), ...received })),
  ]);
  const row = {
    project_id: theirs.projectId,
    time: "2026-11-20 10:05:00.000000",
    trace_id: SECRET,
    span_id: "",
    name: SECRET,
  };
  await columnar.insert("scores", [{ ...row, value: 123_456 }]);
  await columnar.insert("span_contents", [{ ...row, body: SECRET }]);
});
afterAll(() => columnar.close());

async function attempt(sql: string): Promise<{ isRefused: boolean; told: string; code?: string }> {
  try {
    const answer = await insights.runSql(mine, { sql, limit: 100 }, new AbortController().signal);
    return { isRefused: false, told: JSON.stringify({ ...answer, elapsedMs: 0, rowsRead: 0 }) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { isRefused: true, told: `${error.message} ${JSON.stringify(error.details)}`, code: error.code };
  }
}

/** The other project's texts, numbers and counts, and values that only the engine's internals reveal. */
const FOREIGN = /xyzzy|123456|\b777\b|\b780\b|proj_|PREWHERE project|additional_table_filters|DB::Exception/;

const REFUSED = {
  "another statement": [
    "DROP TABLE spans",
    "INSERT INTO spans (project_id) VALUES ('x')",
    "ALTER TABLE spans DELETE WHERE 1",
    "TRUNCATE TABLE spans",
    "CREATE VIEW v AS SELECT * FROM default.spans",
    "CREATE TEMPORARY TABLE t (a UInt8)",
    "SET max_threads = 1",
    "USE system",
    "SYSTEM SHUTDOWN",
    "KILL QUERY WHERE 1",
    "SHOW TABLES",
    "DESCRIBE TABLE spans",
    "EXPLAIN SELECT 1",
    "EXPLAIN AST SELECT 1",
    "GRANT ALL ON *.* TO x",
    "ATTACH TABLE t",
    "BACKUP TABLE spans TO Disk('d', 'f')",
    "CREATE FUNCTION f AS x -> x",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE spans",
    "SELECT 1) ; DROP TABLE spans; SELECT (1",
    "SELECT * FROM (SHOW TABLES)",
    "SELECT * FROM (EXPLAIN SELECT 1)",
    "SELECT * FROM (DESCRIBE spans)",
    "SELECT 1 PARALLEL WITH SELECT 2",
    "",
    "   ",
    "-- nothing",
  ],
  "a trailer": [
    "SELECT 1 FORMAT CSV",
    "SELECT 1 INTO OUTFILE '/tmp/xyzzy'",
    "SELECT 1 INTO OUTFILE '/tmp/xyzzy' TRUNCATE FORMAT CSV",
    "SELECT count() FROM spans SETTINGS additional_table_filters = {}",
    "SELECT * FROM (SELECT count() FROM spans SETTINGS additional_table_filters = {})",
    "SELECT * FROM (SELECT count() FROM spans SETTINGS readonly = 0) AS a",
    "SELECT 1 UNION ALL SELECT 2 SETTINGS max_execution_time = 0",
    "WITH a AS (SELECT count() FROM spans SETTINGS max_rows_to_read = 0) SELECT * FROM a",
    "SELECT (SELECT count() FROM spans SETTINGS max_memory_usage = 0)",
  ],
  "another table": [
    "SELECT * FROM default.spans",
    "SELECT * FROM `default`.`spans`",
    'SELECT * FROM "default"."spans"',
    "SELECT * FROM default . spans",
    "SELECT * FROM default/**/./**/spans",
    "SELECT * FROM `default.spans`",
    "SELECT default.spans.user_id FROM default.spans",
    "SELECT * FROM spans AS s, default.spans AS d",
    "SELECT * FROM spans JOIN default.spans AS d ON 1",
    "SELECT * FROM spans UNION ALL SELECT * EXCEPT (project_id) FROM default.spans",
    "SELECT 1 WHERE 'xyzzy' IN (SELECT user_id FROM default.spans)",
    "SELECT (SELECT any(user_id) FROM default.spans)",
    "WITH d AS (SELECT * FROM default.spans) SELECT * FROM d",
    "WITH default AS (SELECT 1) SELECT * FROM default.spans",
    "SELECT EXISTS(SELECT 1 FROM default.spans WHERE user_id = 'xyzzy')",
    "SELECT * FROM system.tables",
    "SELECT * FROM system.query_log",
    "SELECT * FROM system.settings",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM INFORMATION_SCHEMA.COLUMNS",
    "SELECT * FROM schema_migrations",
    "SELECT name IN system.tables FROM spans",
    "SELECT 1 IN (SELECT name FROM system.tables)",
    "SELECT 'xyzzy' IN default.spans",
    "SELECT user_id IN (default.spans) FROM spans",
    "WITH tables AS (SELECT 1) SELECT * FROM (SELECT * FROM system.tables)",
  ],
  "a table function": [
    "SELECT * FROM merge('default', 'spans')",
    "SELECT * FROM merge('.*', '.*')",
    "SELECT * FROM merge(default, 'spans')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')",
    "SELECT * FROM file('/etc/passwd', 'LineAsString', 'a String')",
    "SELECT * FROM s3('http://127.0.0.1:1/b/k')",
    "SELECT * FROM remote('127.0.0.1', default.spans)",
    "SELECT * FROM remoteSecure('127.0.0.1', default.spans)",
    "SELECT * FROM cluster('default', default.spans)",
    "SELECT * FROM clusterAllReplicas('default', 'default', 'spans')",
    "SELECT * FROM mysql('127.0.0.1:1', 'd', 't', 'u', 'p')",
    "SELECT * FROM postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')",
    "SELECT * FROM executable('id', 'CSV', 'a String')",
    "SELECT * FROM numbers(10)",
    "SELECT * FROM numbers_mt(1000000000)",
    "SELECT * FROM zeros(10)",
    "SELECT * FROM generateRandom('a String')",
    "SELECT * FROM view(SELECT * FROM default.spans)",
    "SELECT * FROM viewIfPermitted(SELECT 1 ELSE null('a UInt8'))",
    "SELECT * FROM dictionary('d')",
    "SELECT * FROM loop(default.spans)",
    "SELECT * FROM mergeTreeIndex('default', 'spans')",
    "SELECT * FROM mergeTreeParts('default', 'spans')",
    "SELECT * FROM input('a String')",
    "SELECT * FROM values('a UInt8', 1)",
    "SELECT * FROM VALUES('a UInt8', 1)",
    "SELECT * FROM format(CSV, '1')",
    "SELECT * FROM `url`('http://127.0.0.1:1/')",
    "SELECT * FROM Python(spans)",
    "SELECT 1 IN numbers(10)",
    "SELECT 1 IN (SELECT number FROM numbers(3))",
    "WITH n AS (SELECT * FROM numbers(3)) SELECT * FROM n",
    "SELECT * FROM hdfs('hdfs://127.0.0.1:1/a')",
    "SELECT * FROM sqlite('/tmp/a', 't')",
    "SELECT * FROM azureBlobStorage('x')",
    "SELECT * FROM iceberg('/tmp')",
    "SELECT * FROM deltaLake('/tmp')",
    "SELECT * FROM fuzzQuery('SELECT 1')",
    "SELECT * FROM primes(10)",
  ],
  "a function with more than a value in it": [
    "SELECT file('/etc/passwd')",
    "SELECT FILE('/etc/passwd')",
    "SELECT dictGet('d', 'a', 1)",
    "SELECT dictGetOrDefault('d', 'a', 1, 2)",
    "SELECT dictHas('d', 1)",
    "SELECT joinGet('default.spans', 'user_id', 'x')",
    "SELECT getSetting('additional_table_filters')",
    "SELECT getSettingOrDefault('additional_table_filters', 1)",
    "SELECT getServerSetting('path')",
    "SELECT getMacro('x')",
    "SELECT getClientHTTPHeader('authorization')",
    "SELECT hostName(), FQDN()",
    "SELECT currentUser(), user()",
    "SELECT currentDatabase(), database()",
    "SELECT hasColumnInTable('system', 'tables', 'name')",
    "SELECT sleep(3)",
    "SELECT sleepEachRow(3) FROM spans",
    "SELECT throwIf(1)",
    "SELECT addressToLine(1)",
    "SELECT demangle('x')",
    "SELECT logTrace('x')",
    "SELECT showCertificate()",
    "SELECT filesystemAvailable()",
    "SELECT catboostEvaluate('/tmp/m', 1)",
    "SELECT formatQuery('SELECT 1')",
    "SELECT formatRow('CSV', 1)",
    "SELECT aiGenerate('x', 'y')",
    "SELECT initialQueryID(), queryID()",
    "SELECT __getScalar('x')",
    "SELECT __scalarSubqueryResult(1)",
    "SELECT structureToProtobufSchema('a UInt8')",
    "SELECT chdb('SELECT 1')",
    "SELECT finalizeAggregation(unhex('00'))",
    "SELECT initializeAggregation('sumState', 1)",
    "SELECT sumMerge(CAST('a', 'AggregateFunction(sum, UInt64)'))",
    "SELECT '\\0'::AggregateFunction(uniq, String)",
    "SELECT arrayReduce('uniqMerge', [CAST(unhex('00'), 'AggregateFunction(uniq, String)')])",
    "SELECT runningAccumulate(sumState(1)) FROM spans",
    "SELECT * APPLY (file) FROM spans",
    "SELECT * APPLY (x -> sleep(1)) FROM spans",
    "SELECT COLUMNS('user') APPLY toString FROM spans",
    "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
    "SELECT `file`('/etc/passwd')",
    "SELECT 1 ORDER BY sleep(1)",
    "SELECT 1 LIMIT sleep(1)",
    "SELECT count() FROM spans GROUP BY getSetting('max_threads')",
    "SELECT count() FROM spans WINDOW w AS (PARTITION BY sleep(1))",
    "SELECT count() FROM spans AS a JOIN spans AS b ON sleep(1) = 0",
    "SELECT 1 AS x ORDER BY x WITH FILL FROM 1 TO 3 INTERPOLATE (x AS sleep(1))",
  ],
  "a name made to look like something else": [
    "SELECT 1 AS `a\n  TableIdentifier spans`",
    "SELECT 1 AS `a\\n`",
    "SELECT * FROM `spans\n`",
    "SELECT * FROM `spans (alias x)`",
    "SELECT * FROM `spans\u0000`",
    "SELECT `sum (children 1)`(1)",
    "SELECT {spans:Identifier}",
    "SELECT * FROM {spans:Identifier}",
    "SELECT {projectId:String}",
    "SELECT $$a$$ FROM system.one SETTINGS max_threads = 1",
  ],
} as const;

describe.each(Object.entries(REFUSED))("%s", (_, statements) => {
  test.each(statements)("%s is refused", async (sql) => {
    const { isRefused, told, code } = await attempt(sql);
    expect({ isRefused, code }).toEqual({ isRefused: true, code: "invalid_request" });
    expect(told.replaceAll("/tmp/xyzzy", "").replaceAll("'xyzzy'", "")).not.toMatch(FOREIGN);
  });
});

const HARMLESS = [
  "SELECT count() FROM spans;;",
  "1",
  "SELECT count() FROM spans",
  "SELECT max(duration_ms), min(user_id), max(user_id), any(name) FROM spans",
  "SELECT min(start_time), max(start_time), count() FROM spans",
  "SELECT * FROM spans",
  "SELECT count(), uniq(b.user_id) FROM spans AS a CROSS JOIN spans AS b",
  "SELECT count() FROM spans AS a FULL JOIN spans AS b ON a.user_id = b.name",
  "SELECT count() FROM spans AS a ANTI JOIN spans AS b ON a.user_id = b.user_id",
  "SELECT * FROM spans UNION ALL SELECT * FROM spans",
  "SELECT user_id FROM spans EXCEPT SELECT '1'",
  "SELECT user_id FROM spans INTERSECT SELECT user_id FROM spans",
  "SELECT (SELECT count() FROM spans), (SELECT groupArray(user_id) FROM spans)",
  "SELECT count() FROM (SELECT * FROM (SELECT * FROM spans))",
  "SELECT count() FROM spans WHERE user_id IN (SELECT user_id FROM spans)",
  "SELECT count() FROM spans WHERE EXISTS(SELECT 1 FROM spans WHERE duration_ms > 100)",
  "WITH spans AS (SELECT * FROM spans) SELECT count() FROM spans",
  "WITH spans AS (SELECT * FROM spans), scores AS (SELECT * FROM spans) SELECT count() FROM scores",
  "WITH x AS (WITH spans AS (SELECT * FROM spans) SELECT * FROM spans) SELECT count() FROM x, spans",
  "SELECT * FROM (WITH spans AS (SELECT * FROM spans) SELECT count() FROM spans) AS a, (SELECT count() FROM spans) AS b",
  "WITH RECURSIVE spans AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM spans WHERE n < 3) SELECT * FROM spans",
  "WITH (SELECT count() FROM spans) AS n SELECT n, count() FROM spans",
  "SELECT count() FROM scores, span_contents",
  "SELECT * FROM scores",
  "SELECT * FROM span_contents",
  "SELECT * FROM trace_summaries",
  "SELECT _table, _part, _partition_id, _part_offset FROM spans",
  "SELECT _database FROM spans",
  "SELECT count() FROM spans FINAL",
  "SELECT count() FROM spans SAMPLE 1",
  "SELECT count() FROM spans PREWHERE 1",
  "SELECT count() FROM spans PREWHERE duration_ms > 100 WHERE 1 OR 1",
  "SELECT count() FROM spans WHERE 1 OR project_id != ''",
  "SELECT count() FROM spans WHERE duration_ms > 100",
  "SELECT project_id FROM spans",
  "SELECT spans.project_id FROM spans",
  "SELECT COLUMNS('.*') FROM spans",
  "SELECT COLUMNS('project_id') FROM spans",
  "SELECT * EXCEPT (user_id) FROM spans",
  "SELECT tag FROM spans ARRAY JOIN tags AS tag",
  "SELECT count() FROM spans GROUP BY ALL WITH TOTALS",
  "SELECT kind, count() FROM spans GROUP BY kind WITH ROLLUP",
  "SELECT count() OVER () FROM spans",
  "SELECT 'xyzzi' IN (SELECT user_id FROM spans)",
  "SELECT mapKeys(metadata) FROM spans",
  "SELECT lagInFrame(user_id) OVER (ORDER BY start_time) FROM spans",
  "SELECT count() FROM spans LIMIT 0",
  "SELECT DISTINCT ON (kind) user_id FROM spans",
  "SELECT user_id FROM spans ORDER BY start_time LIMIT 1 WITH TIES",
];

test.each(HARMLESS)("%s tells nothing of another project", async (sql) => {
  expect((await attempt(sql)).told).not.toMatch(FOREIGN);
});

/** Fails on, is slow for or is larger by the rows of others, if it ever sees one of them. */
const ORACLES = [
  "SELECT count() FROM spans WHERE toUInt32(user_id) >= 0",
  "SELECT sum(toUInt32(user_id)) FROM spans",
  "SELECT count() FROM spans WHERE intDiv(1, user_id != 'xyzz' || 'y') >= 0",
  "SELECT count() FROM spans WHERE toUInt32(user_id) >= 0 AND duration_ms < 100 AND kind = 'generation'",
  "SELECT count() FROM spans AS a JOIN spans AS b ON toUInt32(a.user_id) = toUInt32(b.user_id)",
  "SELECT count() FROM (SELECT * FROM spans WHERE toUInt32(user_id) >= 0) WHERE duration_ms < 100",
  "SELECT toUInt32(user_id) AS n, count() FROM spans GROUP BY n HAVING n >= 0 ORDER BY n",
  "SELECT max(toUInt32(user_id)) OVER () FROM spans QUALIFY toUInt32(user_id) >= 0",
  "SELECT count() FROM spans ARRAY JOIN tags AS tag WHERE intDiv(1, tag = 't') >= 0",
  "WITH s AS (SELECT * FROM spans WHERE toUInt32(user_id) >= 0) SELECT count() FROM s WHERE start_time > '2020-01-01'",
  "SELECT count() FROM trace_summaries WHERE toUInt32(user_id) >= 0",
  "SELECT toUInt32(user_id) FROM spans ORDER BY toUInt32(user_id) LIMIT 1 BY toUInt32(user_id)",
];

test.each(ORACLES)("%s does not fail on a row of another project", async (sql) => {
  const { isRefused, told } = await attempt(sql);
  expect({ isRefused, told: told.match(FOREIGN) }).toEqual({ isRefused: false, told: null });
});

test("nothing that was tried has changed anything", async () => {
  const [row] = (await columnar.selectTable({ sql: "SELECT count() FROM spans", params: {} })).rows;
  expect(Number(row?.[0])).toBe(780);
  const tables = await columnar.selectTable({ sql: "SHOW TABLES", params: {} });
  expect(tables.rows.flat().sort()).toEqual([
    ...["dataset_rows", "deleted_traces", "feedback", "monitor_points", "schema_migrations", "scores"],
    ...["span_contents", "spans", "spend_entries", "unit_pasts"],
  ]);
});

test("an attack detected only by the plan is logged without the statement", () => {
  expect(warned.length).toBeGreaterThan(0);
  for (const { unguarded } of warned as { unguarded: string }[]) expect(unguarded).toMatch(/^TABLE/);
});
