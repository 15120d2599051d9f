/**
 * Frees the memory of bytes that are no longer used. Otherwise, a buffer that outlived the young generation is
 * retained, and counted, until the next full collection. All views of the same buffer are empty afterwards, so the
 * buffer must be exclusive: not part of Node's pool. A buffer shared by several threads is not freed.
 */
export function freeBytes({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > 0) buffer.transfer(0);
}
