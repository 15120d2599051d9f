/** One row of a file: a JSON object, or the cells of a table by the names of their columns. */
export type Row = Readonly<Record<string, unknown>>;

/** The problem of a row: its place as a JSON pointer, and a sentence with the fix. */
export type Problem = { readonly pointer: string; readonly message: string };

/** A row that could be read, or what was wrong with it. `line` counts from one; of Parquet it is the row. */
export type FileRow =
  | { readonly line: number; readonly row: Row; readonly problem: null }
  | { readonly line: number; readonly row: null; readonly problem: Problem };

/** The rows of a file in order, some at a time. What ends the reading is thrown as `unprocessable`. */
export type FileRows = AsyncIterable<readonly FileRow[]>;

/** A column of a table: only texts, or also other values, which are then written as JSON. */
export type Column = { readonly name: string; readonly isJson: boolean };

/** The bytes of a file: all of them, or a range with an exclusive end. */
export type Content = {
  readonly sizeBytes: number;
  read(range?: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array>;
  /** All bytes in chunks that are valid until the next is requested, if that is cheaper. */
  lend?(): AsyncIterable<Uint8Array>;
};

export const goodRow = (line: number, row: Row): FileRow => ({ line, row, problem: null });
export const badRow = (line: number, message: string, pointer = ""): FileRow => ({
  line,
  row: null,
  problem: { pointer, message },
});

/** A key as a step of a JSON pointer. */
export const pointerStep = (key: string | number) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
