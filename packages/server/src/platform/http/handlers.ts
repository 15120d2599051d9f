import type { IncomingHttpHeaders } from "node:http";
import type { Api, ParsedOf, ResponseOf, Route } from "@treadle/contract";
import type { Scope } from "../../kernel/scope.ts";
import type { Sink } from "../../kernel/sink.ts";

/** What every handler gets beside the parsed params, query and body. */
export type Call = {
  readonly scope: Scope;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
  readonly requestId: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as it arrived, after decompression. */
  readonly bytes: Buffer;
  /** The caller's address as the connection shows it; a proxy's own when one stands in between. */
  readonly remoteAddress: string;
  /** Sets a response header, such as a cookie. */
  setHeader(name: string, value: string): void;
  /** Another status than the route's, such as 503 for a readiness that says no. */
  setStatus(status: number): void;
};

type JsonHandler<R> = (call: ParsedOf<R> & Call) => Promise<ResponseOf<R>>;
type EventsHandler<R> = (call: ParsedOf<R> & Call) => AsyncIterable<ResponseOf<R>>;
/** A handler of a file, or of another API's wire format, writes its own bytes. */
type WireHandler<R> = (call: ParsedOf<R> & Call & { readonly sink: Sink }) => Promise<void>;

type Handler<R> = R extends { wire: string } | { answer: "file" }
  ? WireHandler<R>
  : R extends { answer: "events" }
    ? EventsHandler<R>
    : JsonHandler<R>;
export type Handlers<A extends Api> = { readonly [K in keyof A]: Handler<A[K]> };

export type AnyHandler = (call: Call & { params: unknown; query: unknown; body: unknown; sink: Sink }) => unknown;
export type Mounted = readonly { readonly endpoint: string; readonly route: Route; readonly handle: AnyHandler }[];

/** Ties an API of the contract to its handlers; a missing, extra or wrong one does not compile. */
export function mount<A extends Api>(api: A, handlers: Handlers<A>): Mounted {
  const byEndpoint = handlers as unknown as Readonly<Record<string, AnyHandler>>;
  return Object.entries<Route>(api).map(([endpoint, route]) => {
    const handle = byEndpoint[endpoint];
    if (!handle) throw new Error(`no handler for ${endpoint}`);
    return { endpoint, route, handle };
  });
}
