/** The folder that a process works in, and a name that tells its traces from those of others there, such as `attempt-2`. */
export type LaunchPlace = { readonly folder: string; readonly name: string };

export type LaunchCommand = {
  readonly command: readonly [program: string, ...rest: string[]];
  /** All that it sees of the environment. */
  readonly environment: Readonly<Record<string, string>>;
};

export type LaunchOrder = LaunchPlace & LaunchCommand;

export type LaunchState =
  /** Nothing was ever started at this place. */
  | { readonly kind: "unknown" }
  /** A cluster has it and does not run it yet; the message says why, for people. */
  | { readonly kind: "waiting"; readonly message: string }
  | { readonly kind: "running" }
  /** The code is null when it was ended from outside and could not say one; the message is what a cluster said of that. */
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
   * Starts it, once for each place however often it is asked. The words of a command for another machine name paths as that machine
   * does. Throws `insufficient_storage`, `unavailable` or, when a cluster refuses it, `unprocessable`.
   */
  submit(order: LaunchOrder): Promise<void>;
  /** Throws `unavailable` while a cluster does not answer and `unprocessable` while it refuses to: the process may live on. */
  poll(place: LaunchPlace): Promise<LaunchState>;
  /** The lines of a file of the folder behind a place in bytes; none when there is no file yet. A line that is not whole yet waits. */
  tail(place: LaunchPlace, file: string, cursor: number): Promise<Tail>;
  /** Writes a small file of the folder, whole or not at all. */
  tell(place: LaunchPlace, file: string, content: string): Promise<void>;
  /**
   * Tells the process and all it started to end, and ends them itself when they have not after `graceMs`, or after what a cluster was
   * set to. Throws as `poll` does.
   */
  stop(place: LaunchPlace, options: { readonly graceMs: number }): Promise<void>;
  /** The end of what it printed, and whether that is all of it. */
  readLog(place: LaunchPlace, bytes: number): Promise<{ readonly text: string; readonly isWhole: boolean }>;
};

/** A launcher on this machine, which also answers questions. */
export type Launcher = RemoteLauncher & {
  /** Runs something short to its end. Throws `provider_timeout` when that takes too long, and what aborted the signal. */
  ask(
    order: LaunchCommand & { readonly folder: string },
    options: { readonly signal: AbortSignal; readonly timeoutMs: number; readonly onLine?: (line: string) => void },
  ): Promise<Answered>;
};

/** A cluster elsewhere, and how it is spoken to. */
export type Cluster<Settings> = {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token: string | null;
  readonly settings: Settings;
  /** How a path of this machine is called there. Throws `unprocessable` for one that is not seen from there. */
  readonly toThere: (path: string) => string;
};

/** A kind of cluster: all that this program knows of it. */
export type ClusterKind<Settings> = {
  /** What the cluster says of itself, in a sentence. Throws as `poll` does. */
  check(cluster: Cluster<Settings>, signal?: AbortSignal): Promise<string>;
  open(cluster: Cluster<Settings>): RemoteLauncher;
};

/** A kind of cluster that is told what to run by a manifest. */
export type DeclarativeKind<Settings> = ClusterKind<Settings> & {
  /** What `submit` would send for an order. Nothing is sent, and nothing in it is secret. Throws as `submit` does. */
  manifest(cluster: Cluster<Settings>, order: LaunchOrder): LaunchManifest;
};
/** As the cluster's API takes it. */
export type LaunchManifest = {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
};
