import type { Command } from "commander";
import { addOperation } from "../operations/add-operation.ts";
import { findOperation } from "../operations/manifest.ts";
import { isObject } from "../output/cells.ts";
import type { Io } from "../shared/io.ts";

/** Adds `treadle sql schema`: a row for each column of each table. The whole response, with the functions, is JSON. */
export function addSqlSchema(group: Command, io: Io) {
  const columns = ["table", "column", "type", "description"];
  addOperation(group.command("schema"), { ...findOperation("getSqlSchema"), columns }, { io, rowsOf: listColumns });
}

function listColumns(schema: unknown): readonly unknown[] {
  const tables = isObject(schema) && Array.isArray(schema.tables) ? schema.tables.filter(isObject) : [];
  return tables.flatMap(({ name: table, columns }) =>
    (Array.isArray(columns) ? columns.filter(isObject) : []).map(({ name: column, type, description }) => ({
      table,
      column,
      type,
      description,
    })),
  );
}
