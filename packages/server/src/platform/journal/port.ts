/**
 * A state that outlives the process: a snapshot, and a line for each change since. A line is with the operating system when
 * `append` returns, so that a killed process loses none; it is on the disk after at most 50 ms, so that a power failure loses few.
 */
export type Journal = {
  /** The contents of the last run: its last snapshot, or null, and the lines after it. */
  readonly snapshot: unknown;
  readonly lines: readonly unknown[];
  /** Never throws: a line that cannot be written is logged, since the change has happened already. */
  append(line: object): void;
  /** Writes a new snapshot when the lines have grown much longer than the last one. */
  compact(read: () => object): void;
  /** Writes a last snapshot. */
  close(read: () => object): Promise<void>;
};
