/** One row of a file: a JSON object, or the cells of a table by the names of their columns. */
export type Row = Readonly<Record<string, unknown>>;

/** What is wrong with a row: where in it, as a JSON pointer, and a sentence with what to do. */
export type Problem = { readonly pointer: string; readonly message: string };

/** A row that could be read, or what was wrong with it. `line` counts from one; of Parquet it is the row. */
export type FileRow =
  | { readonly line: number; readonly row: Row; readonly problem: null }
  | { readonly line: number; readonly row: null; readonly problem: Problem };

/** The rows of a file in order, some at a time. What ends the reading is thrown as `unprocessable`. */
export type FileRows = AsyncIterable<readonly FileRow[]>;

/** A column of a table: one of texts, or one that also holds other values, which are then written as JSON. */
export type Column = { readonly name: string; readonly isJson: boolean };

/** The bytes of a file: all from the start, or those of a range (its end left out). */
export type Content = {
  readonly sizeBytes: number;
  read(range?: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array>;
  /** All of them in pieces that are there only until the next is asked for, where that costs less. */
  lend?(): AsyncIterable<Uint8Array>;
};

export const goodRow = (line: number, row: Row): FileRow => ({ line, row, problem: null });
export const badRow = (line: number, message: string, pointer = ""): FileRow => ({
  line,
  row: null,
  problem: { pointer, message },
});

export const isObject = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A key as a step of a JSON pointer. */
export const pointerStep = (key: string | number) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
