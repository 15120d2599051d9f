/** A batch that the store refused for good, kept for a person to look at. */
export type RefusedBatch = {
  readonly id: string;
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
  readonly error: string;
  readonly firstFailedAt: string;
  readonly attempts: number;
};

export type SpoolStatus = {
  readonly state: "ok" | "degraded";
  readonly message: string;
  readonly pendingRows: number;
  readonly pendingBytes: number;
  readonly capBytes: number;
  readonly oldestPendingSeconds: number | null;
  readonly droppedRows: number;
  readonly undeliverableRows: number;
  /** Since the start: what was put on disk, and what has left it again. */
  readonly keptRows: number;
  readonly keptBytes: number;
  readonly deliveredRows: number;
  /** Places in segment files that fitted no checksum and were set aside, in all runs. */
  readonly damagedPlaces: number;
};

/** Rows that are encoded already. */
export type EncodedRows = {
  readonly table: string;
  /** Lines of JSON with line feeds between them and none at the end, `rows` of them. Must not change until the append has ended. */
  readonly lines: Uint8Array;
  readonly rows: number;
};

/** An append-only file between those who send rows and the columnar store. */
export type Spool = {
  /**
   * Resolves once the rows are on disk (group commit, synced). Throws `overloaded` at the cap and
   * `insufficient_storage` on a full disk. Then nothing was stored.
   */
  append(table: string, rows: readonly object[]): Promise<void>;
  /** The same for rows that another thread encoded: all of them in one commit, so that either all are acknowledged or none. */
  appendLines(encoded: readonly EncodedRows[]): Promise<void>;
  /** Never waits and never throws: the row is encoded and written with the next group commit. At the cap or on a full disk it is counted as dropped. */
  push(table: string, row: object): void;
  status(): SpoolStatus;
  /** Resolves when everything appended before the call has been delivered or refused. */
  flush(): Promise<void>;
  listRefused(): Promise<RefusedBatch[]>;
  /** Delivers an undeliverable batch again. Throws the store's error, and then retains the batch. */
  replayRefused(id: string): Promise<{ rows: number }>;
  deleteRefused(id: string): Promise<void>;
  /** Delivers what it can within a few seconds; the rest stays on disk for the next start. */
  close(): Promise<void>;
};

export type DiskSpace = () => Promise<{ freeBytes: number; totalBytes: number }>;

const MIB = 1024 * 1024;

/** Less than 5 % of the disk, at least 1 and at most 128 MiB, leaves the stores without room to work: the spool takes no rows then. */
export const isDiskFull = ({ freeBytes, totalBytes }: Awaited<ReturnType<DiskSpace>>): boolean =>
  freeBytes < Math.min(128 * MIB, Math.max(MIB, totalBytes * 0.05));
