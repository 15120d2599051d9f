/** A process's folder, and a name that distinguishes its files from other attempts' files, such as `attempt-2`. */
export type LaunchPlace = { readonly folder: string; readonly name: string };

export type LaunchCommand = {
  readonly command: readonly [program: string, ...rest: string[]];
  /** All that it sees of the environment. */
  readonly environment: Readonly<Record<string, string>>;
};

export type LaunchOrder = LaunchPlace & LaunchCommand;

export type LaunchState =
  /** No process was ever started at this place. */
  | { readonly kind: "unknown" }
  /** A queued job of a cluster. The message contains the reason. */
  | { readonly kind: "waiting"; readonly message: string }
  | { readonly kind: "running" }
  /** The code is null if it was ended from outside without one. The message is the cluster's explanation. */
  | { readonly kind: "ended"; readonly exitCode: number | null; readonly message?: string };

/** Whole lines of a file, and the place behind the last of them. */
export type Tail = { readonly lines: readonly string[]; readonly cursor: number };

export type Answered = {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The end of it. */
  readonly stderr: string;
};

/**
 * Long work in a process that outlives the server: a restarted server finds it again by its place. The folder of a place is read and
 * written here, wherever the process runs: another machine sees it through a shared file system.
 */
export type RemoteLauncher = {
  /**
   * Starts it, once for each place. A command for another machine uses that machine's paths. Throws
   * `insufficient_storage`, `unavailable` or, if a cluster rejects it, `unprocessable`.
   */
  submit(order: LaunchOrder): Promise<void>;
  /** Throws `unavailable` while a cluster does not answer and `unprocessable` while it refuses to: the process may live on. */
  poll(place: LaunchPlace): Promise<LaunchState>;
  /** The lines of a file after an offset in bytes. Empty if there is no file yet. An incomplete line waits. */
  tail(place: LaunchPlace, file: string, cursor: number): Promise<Tail>;
  /** Writes a small file of the folder, whole or not at all. */
  tell(place: LaunchPlace, file: string, content: string): Promise<void>;
  /**
   * Asks the process and its children to end, and kills them after `graceMs`, or after the cluster's grace period.
   * Throws like `poll`.
   */
  stop(place: LaunchPlace, options: { readonly graceMs: number }): Promise<void>;
  /** The end of what it printed, and whether that is all of it. */
  readLog(place: LaunchPlace, bytes: number): Promise<{ readonly text: string; readonly isWhole: boolean }>;
};

export type Reply =
  | { readonly kind: "line"; readonly line: string }
  /** The process ended before it replied. */
  | ({ readonly kind: "ended" } & Pick<Answered, "exitCode" | "stderr">);

/** A process that replies to each line with one line. It ends with this server. */
export type Conversation = {
  /** One line at a time. Throws `provider_timeout` when the reply takes too long; the process is killed then. */
  ask(line: string, options: { readonly timeoutMs: number }): Promise<Reply>;
  /** Kills it, with all that it started. */
  end(): void;
};

/** A launcher on this machine, which also answers questions. */
export type Launcher = RemoteLauncher & {
  /** Runs something short to its end. Throws `provider_timeout` when that takes too long, and what aborted the signal. */
  ask(
    order: LaunchCommand & { readonly folder: string },
    options: { readonly signal: AbortSignal; readonly timeoutMs: number; readonly onLine?: (line: string) => void },
  ): Promise<Answered>;
  /** Starts a process that reads lines from its standard input until that closes. */
  converse(order: LaunchCommand & { readonly folder: string }): Conversation;
};

/** A remote cluster and its connection. */
export type Cluster<Settings> = {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token: string | null;
  readonly settings: Settings;
  /** The path on the target for a local path. Throws `unprocessable` for a path that is not visible there. */
  readonly toThere: (path: string) => string;
};

/** A kind of cluster: all that this program knows of it. */
export type ClusterKind<Settings> = {
  /** The cluster's description of itself, in a sentence. Throws like `poll`. */
  check(cluster: Cluster<Settings>, signal?: AbortSignal): Promise<string>;
  open(cluster: Cluster<Settings>): RemoteLauncher;
};

/** A kind of cluster that runs manifests. */
export type DeclarativeKind<Settings> = ClusterKind<Settings> & {
  /**
   * The manifest that `submit` would send for an order. Nothing is sent, and it contains no secret. Throws like
   * `submit`.
   */
  manifest(cluster: Cluster<Settings>, order: LaunchOrder): LaunchManifest;
};
/** As the cluster's API takes it. */
export type LaunchManifest = {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
};
