/** The target of a pull, and its progress callback. */
export type PullTarget = {
  /** The unfinished file. A source can continue existing content. */
  readonly partPath: string;
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
  readonly onProgress: (receivedBytes: number, totalBytes: number | null) => void;
  /** Throws `insufficient_storage` when so many more bytes do not fit on the disk. */
  readonly checkSpace: (missingBytes: number) => Promise<void>;
};

/** One way to get a model's file. */
export type ModelSource = {
  /** In words, such as `the hub huggingface.co`. */
  readonly label: string;
  /** Writes the whole file and gives the SHA-256 that it should have, if the source says one. */
  fetch(target: PullTarget): Promise<{ readonly sha256: string | null }>;
};
