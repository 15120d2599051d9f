/**
 * Frees the memory of bytes that nobody reads any more. Left to itself, that of a buffer that outlived the young generation is held, and counted, until the
 * whole heap is collected. All views of the same buffer are empty afterwards, so it must be theirs alone: not one of Node's pool. One that several threads
 * share stays.
 */
export function freeBytes({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > 0) buffer.transfer(0);
}
