/**
 * The part of a request that one of several threads reads: what belongs to its traces. The same trace is always the same thread's, so that each
 * remembers for itself what came before and which call is within which.
 */
export type Share = { readonly place: number; readonly of: number };

/** For what names no trace. */
const NOWHERE = 0;

/** Whose a trace is, by the last byte of its id; a negative byte is none. Every byte of an id but the first few is random. */
export const placeOfByte = (byte: number, of: number): number => (byte < 0 ? NOWHERE : byte % of);

/** The same by the id's hexadecimal digits. */
export function placeOfTrace(traceId: string, of: number): number {
  const byte = Number.parseInt(traceId.slice(-2), 16);
  return placeOfByte(Number.isNaN(byte) ? -1 : byte, of);
}

/** Whether something counts that belongs to no trace, such as how many items are more than are read. */
export const isFirst = (share: Share | undefined): boolean => share === undefined || share.place === NOWHERE;
