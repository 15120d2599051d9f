/** Where a streamed or raw answer goes. The HTTP layer makes one from a response; a test or a job makes one from an array. */
export type Sink = {
  /**
   * False after the receiver has disconnected. This is a method, not a getter: V8 gives each object with a getter a
   * separate shape in the old generation. The shape retains the getter's closure, and with it the whole request.
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
