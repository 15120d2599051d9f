/** Where a streamed or raw answer goes. The HTTP layer makes one from a response; a test or a job makes one from an array. */
export type Sink = {
  /**
   * False once the receiver has gone away. Asked and not read: each object that is written with a getter has a shape of its own, which V8 keeps
   * in the old generation, and with it the getter and all that it sees, which is the whole request.
   */
  isOpen(): boolean;
  /** Sends status and headers; must come once, before the first byte. */
  head(status: number, headers: Readonly<Record<string, string>>): void;
  /** False when the receiver is slow: wait for `drained` before more. */
  write(chunk: Uint8Array | string): boolean;
  drained(): Promise<void>;
  end(chunk?: Uint8Array | string): void;
  /** Breaks the connection off, so that the receiver knows the answer is not whole. */
  destroy(error?: Error): void;
};
