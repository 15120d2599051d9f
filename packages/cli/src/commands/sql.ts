import type { Command } from "commander";
import { numberOf, readText } from "../operations/read-value.ts";
import { columnsOf, type FormatFlags, formatOf, withFormatFlags } from "../output/format.ts";
import { openSink } from "../output/sink.ts";
import { createRowWriter } from "../output/write-rows.ts";
import { connect, type ServerFlags, withConnectionFlags } from "../shared/connect.ts";
import type { Io } from "../shared/io.ts";
import { describeFailure } from "../shared/report-failure.ts";
import { addSqlSchema } from "./sql-schema.ts";

type Flags = ServerFlags & FormatFlags & { readonly limit?: number };

export function addSql(program: Command, io: Io) {
  const command = program
    .command("sql")
    .argument(
      "<statement>",
      "a statement in ClickHouse SQL that reads spans and scores; @FILE, or - for standard input",
    )
    .option(
      "--limit <rows>",
      "the maximum number of rows (default: 1000)",
      numberOf({ kind: "integer", min: 1, max: 10_000 }),
    );
  withConnectionFlags(withFormatFlags(command))
    .addHelpText("after", "\n`treadle sql schema` lists the tables and columns, and with --json the functions.")
    .action((statement: string, flags: Flags) =>
      run(statement, flags, io).catch((error: unknown) => io.setExitCode(describeFailure(error, flags, io))),
    );
  addSqlSchema(command, io);
}

async function run(statement: string, flags: Flags, io: Io) {
  const sql = await readText(statement, "The statement", io);
  const { client } = connect(flags, io.env);
  const result = await client.call("POST /api/v1/sql", { body: { sql, limit: flags.limit } });
  const sink = openSink(flags.output, io);
  try {
    const format = formatOf(flags);
    if (format === "json") return await sink.write(`${JSON.stringify(result)}\n`);
    const names = result.columns.map(({ name }) => name);
    const writer = createRowWriter(sink, {
      format,
      columns: columnsOf(flags),
      tableColumns: names,
      id: names[0],
      width: flags.output === undefined && io.stdout.isTTY ? io.stdout.columns : undefined,
    });
    await writer.write(result.rows.map((row) => Object.fromEntries(names.map((name, place) => [name, row[place]]))));
    await writer.end();
    if (result.isTruncated) io.stderr.write("There are more rows. Raise --limit.\n");
  } finally {
    await sink.close();
  }
}
