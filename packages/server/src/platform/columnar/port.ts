import type { z } from "zod";

export type Query<Row extends z.ZodType> = {
  readonly sql: string;
  /** Bound by the engine to `{name:Type}` placeholders, never spliced into the text. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly row: Row;
  /** Cancels the query in the engine, not only the wait for it. */
  readonly signal?: AbortSignal;
};

/** A response of unknown shape. */
export type Table = {
  /** Types in the engine's words. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly rowsRead: number;
};

export type InsertOptions = {
  /** A batch with a token that was inserted before is not inserted again. */
  readonly token?: string;
};

/** A piece of a table that cannot be read. */
export type DamagedPart = {
  readonly table: string;
  readonly part: string;
  /** The engine has left it out at its start: its rows are in no answer. Otherwise questions that read it fail. */
  readonly isSetAside: boolean;
};

/** ClickHouse as the product sees it, embedded or a server. */
export type Columnar = {
  readonly engine: string;
  /** False while it opens after the start. Queries wait. */
  isOpen(): boolean;
  select<Row extends z.ZodType>(query: Query<Row>): Promise<z.output<Row>[]>;
  /** The result of a statement that a user wrote. Throws `unprocessable` above 32 MiB of JSON. */
  selectTable(query: Omit<Query<z.ZodType>, "row">): Promise<Table>;
  /** The answer of a statement that names its own FORMAT, as one piece. */
  selectBytes(query: Omit<Query<z.ZodType>, "row">): Promise<Buffer>;
  /** The lines that an EXPLAIN answers. */
  explain(query: Omit<Query<z.ZodType>, "row">): Promise<string[]>;
  insert(table: string, rows: readonly Readonly<Record<string, unknown>>[], options?: InsertOptions): Promise<void>;
  /** The same from lines of JSONEachRow that are encoded already, with line feeds between them. The bytes must not change until it resolves. */
  insertLines(table: string, lines: Buffer, options?: InsertOptions): Promise<void>;
  command(sql: string, params?: Readonly<Record<string, unknown>>): Promise<void>;
  check(): Promise<void>;
  /** The parts that are known to be damaged: questions came upon them, or the engine did when it started. */
  damagedParts(): Promise<DamagedPart[]>;
  sizeBytes(): Promise<number>;
  close(): Promise<void>;
};

/** The store will never take this batch: its data is wrong, not the weather. Trying again is useless. */
export class RejectedBatchError extends Error {
  override readonly name = "RejectedBatchError";
}
