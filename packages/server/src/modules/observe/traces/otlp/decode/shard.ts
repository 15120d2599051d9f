/**
 * The shard of a request that one of several threads reads: the spans of its traces. A trace always belongs to the same
 * thread, which can therefore remember earlier spans and nested calls by itself.
 */
export type Share = { readonly place: number; readonly of: number };

/** The shard for items without a trace. */
const NOWHERE = 0;

/**
 * The shard of a trace, by the last byte of its id; a negative byte is none. Every byte of an id except the first few
 * is random.
 */
export const placeOfByte = (byte: number, of: number): number => (byte < 0 ? NOWHERE : byte % of);

/** The same by the id's hexadecimal digits. */
export function placeOfTrace(traceId: string, of: number): number {
  const byte = Number.parseInt(traceId.slice(-2), 16);
  return placeOfByte(Number.isNaN(byte) ? -1 : byte, of);
}

/** Whether something counts that belongs to no trace, such as how many items are more than are read. */
export const isFirst = (share: Share | undefined): boolean => share === undefined || share.place === NOWHERE;
