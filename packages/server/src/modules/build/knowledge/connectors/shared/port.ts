import type { Answered, LaunchCommand } from "../../../../../platform/launch/port.ts";
import type { Outbound, OutboundSockets } from "../../../../../platform/outbound/port.ts";
import type { SourceSettings } from "../../stores/source-settings.ts";

/** One document of a source, as a listing gives it. */
export type Entry = {
  /** Its name within the source: a path with `/`, or an address. */
  readonly path: string;
  /** Differs if the bytes differ, such as an ETag or a hash. An empty mark always differs. */
  readonly mark: string;
  readonly mediaType?: string;
  /** The bytes, if the listing has them already. */
  readonly bytes?: Uint8Array;
  /** Why it cannot be read. Such an entry exists: its document is not deleted. */
  readonly failure?: string;
};

/** What is stored of the entries of earlier syncs. */
export type Known = {
  markOf(path: string): string | undefined;
  /** The stored bytes, or null. */
  bytesOf(path: string): Promise<Uint8Array | null>;
};

export type Listing = {
  readonly signal: AbortSignal;
  readonly known: Known;
  /** Whether the patterns of the source select a path. */
  readonly selects: (path: string) => boolean;
  /** Says that the listing lacks entries, and why. Entries that it lacks are not deleted then. */
  readonly warnIncomplete: (reason: string) => void;
};

/** An open source. `close` deletes its temporary files. */
export type OpenSource = {
  /** Throws `AppError` with a message for people if the listing cannot be completed. */
  list(listing: Listing): AsyncIterable<Entry>;
  /** The bytes of a listed entry. Throws `AppError`. */
  read(entry: Entry, signal: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
};

export type ConnectorDeps = {
  readonly outbound: Outbound & OutboundSockets;
  /** The folders of the server's machine that sources may read. */
  readonly folders: readonly string[];
  /** Runs a program to its end. It does not outlive the server. */
  readonly runProgram: (
    command: LaunchCommand & { readonly folder: string },
    options: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ) => Promise<Answered>;
  /** The folders of programs such as git. */
  readonly path: string;
  /** The schemes of repositories. Tests add `file`. */
  readonly gitSchemes: readonly string[];
  readonly now: () => number;
};

export type SourceConfig = { readonly settings: SourceSettings; readonly secret: string | null };

/** A kind of source. */
export type Connector = {
  /** Throws `unprocessable` for settings that can never work. It requests nothing. */
  check(deps: ConnectorDeps, settings: SourceSettings): Promise<void>;
  /** The place that a secret belongs to: a secret is not sent to another place. Empty if the kind has no secret. */
  placeOf(settings: SourceSettings): string;
  open(deps: ConnectorDeps, config: SourceConfig): OpenSource;
};
