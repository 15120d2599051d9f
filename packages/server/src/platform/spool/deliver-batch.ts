import { RejectedBatchError } from "../columnar/port.ts";

/** Rows on their way to one table, under one deduplication token. */
export type Batch = { readonly table: string; readonly lines: readonly string[]; readonly token: string };
export type Deliver = (table: string, lines: string[], token: string) => Promise<void>;
export type BadRows = { readonly lines: readonly string[]; readonly error: string };

/** Isolating 100 bad rows of 10,000 takes about 1,400 refusals. Above that the rest of the batch is set aside in larger pieces. */
const MAX_REFUSALS = 2_000;

/**
 * Delivers a batch. When the store refuses it, halves it again and again until the bad rows stand alone, and gives those back; all others
 * are delivered. Every piece has a token made from its place, so that doing it all again stores nothing twice. Throws what is not a refusal.
 */
export async function deliverBatch(deliver: Deliver, { table, lines, token }: Batch): Promise<BadRows | null> {
  const bad: string[] = [];
  let error = "";
  let refusals = 0;

  async function deliverPart(from: number, to: number): Promise<void> {
    const isWhole = from === 0 && to === lines.length;
    try {
      await deliver(table, lines.slice(from, to), isWhole ? token : `${token}.${from}-${to}`);
    } catch (refusal) {
      if (!(refusal instanceof RejectedBatchError)) throw refusal;
      refusals += 1;
      if (to - from > 1 && refusals < MAX_REFUSALS) {
        const middle = from + Math.ceil((to - from) / 2);
        await deliverPart(from, middle);
        await deliverPart(middle, to);
        return;
      }
      bad.push(...lines.slice(from, to));
      error ||= refusal.message;
    }
  }

  await deliverPart(0, lines.length);
  return bad.length > 0 ? { lines: bad, error } : null;
}
