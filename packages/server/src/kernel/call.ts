import type { Route } from "@treadle/contract";
import type { Scope } from "./scope.ts";
import type { Sink } from "./sink.ts";

/** By lower-case name. These few come once, whatever a caller sends. */
type RequestHeaders = Readonly<Record<string, string | string[] | undefined>> &
  Readonly<Partial<Record<"cookie" | "host" | "content-type", string>>>;

/** The context of every handler, in addition to the parsed params, query and body. */
export type Call = {
  readonly scope: Scope;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
  readonly requestId: string;
  readonly headers: RequestHeaders;
  /** The body as it arrived, after decompression. */
  readonly bytes: Buffer;
  /** The caller's address, of IPv6 its /64 network, for limits: as the connection shows it, or as a trusted proxy forwards it. */
  readonly remoteAddress: string;
  /** Sets a response header, such as a cookie. */
  setHeader(name: string, value: string): void;
  /** Another status than the route's, such as 503 for a readiness that says no. */
  setStatus(status: number): void;
};

export type AnyHandler = (call: Call & { params: unknown; query: unknown; body: unknown; sink: Sink }) => unknown;
export type Mounted = readonly { readonly endpoint: string; readonly route: Route; readonly handle: AnyHandler }[];
