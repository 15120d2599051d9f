import { RejectedBatchError } from "../../columnar/port.ts";
import { joinRows, splitRows } from "../segments/record.ts";

/** Rows on their way to one table, as lines of JSON with line feeds between them, under one deduplication token. */
export type Batch = { readonly table: string; readonly lines: Buffer; readonly token: string };
export type Deliver = (table: string, lines: Buffer, token: string) => Promise<void>;
export type BadRows = { readonly lines: Buffer; readonly rows: number; readonly error: string };

/** Isolating 100 bad rows of 10,000 takes about 1,400 refusals. Above that the rest of the batch is set aside in larger pieces. */
const MAX_REFUSALS = 2_000;

/**
 * Delivers a batch. When the store refuses it, halves it again and again until the bad rows stand alone, and gives those back; all others
 * are delivered. Every piece has a token made from its place, so that doing it all again stores nothing twice. Throws what is not a refusal.
 */
export async function deliverBatch(deliver: Deliver, { table, lines, token }: Batch): Promise<BadRows | null> {
  const refusal = await refusalOf(deliver(table, lines, token));
  return refusal && isolate(deliver, { table, rows: splitRows(lines), token }, refusal);
}

type Isolating = { readonly table: string; readonly rows: readonly Buffer[]; readonly token: string };

/** Halves a batch that was refused as a whole. */
async function isolate(
  deliver: Deliver,
  { table, rows, token }: Isolating,
  first: RejectedBatchError,
): Promise<BadRows | null> {
  const bad: Buffer[] = [];
  let error = "";
  let refusals = 1;

  async function narrow(from: number, to: number, refusal: RejectedBatchError): Promise<void> {
    if (to - from > 1 && refusals < MAX_REFUSALS) {
      const middle = from + Math.ceil((to - from) / 2);
      await deliverPart(from, middle);
      await deliverPart(middle, to);
      return;
    }
    bad.push(...rows.slice(from, to));
    error ||= refusal.message;
  }
  async function deliverPart(from: number, to: number): Promise<void> {
    const refusal = await refusalOf(deliver(table, joinRows(rows.slice(from, to)), `${token}.${from}-${to}`));
    if (refusal === null) return;
    refusals += 1;
    await narrow(from, to, refusal);
  }

  await narrow(0, rows.length, first);
  return bad.length > 0 ? { lines: joinRows(bad), rows: bad.length, error } : null;
}

/** The store's reason for rejecting rows. Null if it accepted them. Throws other errors. */
async function refusalOf(delivered: Promise<void>): Promise<RejectedBatchError | null> {
  try {
    await delivered;
    return null;
  } catch (error) {
    if (error instanceof RejectedBatchError) return error;
    throw error;
  }
}
