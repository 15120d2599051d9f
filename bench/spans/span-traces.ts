import { createHash } from "node:crypto";

/** Everything that the rows of a made table follow from. */
export type SpanTable = {
  /** The project that four of five rows belong to. */
  readonly projectId: string;
  /** A multiple of {@link BLOCK_ROWS}. */
  readonly rows: number;
  readonly seed: number;
  /** The moment that the last spans began at, in milliseconds since 1970. */
  readonly until: number;
};

/** The days up to `until` that a table's spans are spread over. */
export const SPAN_DAYS = 30;

/** The sizes of traces repeat after so many rows. */
export const BLOCK_ROWS = 1_000;
const LARGEST_TRACE = 40;

/** How many spans each trace of a block has, few of them many; the last one fills the block. */
const TRACE_SIZES = drawSizes();
export const TRACES_OF_BLOCK = TRACE_SIZES.length;

/** For each row of a block the trace it is of, its place in it, and the trace's size. */
export const BLOCK = TRACE_SIZES.flatMap((size, trace) =>
  Array.from({ length: size }, (_, step) => ({ trace, step, size })),
);

/** The number of traces per project, of 256: first the first project, then its neighbors, which are not queried. */
export const PROJECT_SHARES = [205, 27, 13, 7, 3, 1] as const;

/** The trace of a row, and whether it belongs to the table's project. Rows count from 0, the oldest. */
export function traceOf(row: number, { seed }: Pick<SpanTable, "seed">): { traceId: string; isOfProject: boolean } {
  const trace = Math.floor(row / BLOCK_ROWS) * TRACES_OF_BLOCK + (BLOCK[row % BLOCK_ROWS]?.trace ?? 0);
  const digest = createHash("md5").update(`${seed}:${trace}`).digest();
  return { traceId: digest.toString("hex"), isOfProject: (digest[15] ?? 0) < PROJECT_SHARES[0] };
}

/** What the first span of a trace says and no other span of the table does. */
export const orderOf = (traceId: string) => `NF-${traceId.slice(0, 12)}`;

/** First spans also name one of so many parcels, `PK-10000` to `PK-19999`: each is found in some of them. */
export const PARCELS = 10_000;

function drawSizes(): number[] {
  const sizes: number[] = [];
  for (let left = BLOCK_ROWS; left > 0; left -= sizes.at(-1) ?? left) {
    const golden = (sizes.length * 0.618_034) % 1;
    sizes.push(Math.min(left, Math.floor((LARGEST_TRACE + 1) ** golden)));
  }
  return sizes;
}
