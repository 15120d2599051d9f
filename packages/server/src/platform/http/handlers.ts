import type { Api, ParsedOf, ResponseOf, Route } from "@treadle/contract";
import type { AnyHandler, Call, Mounted } from "../../kernel/call.ts";
import type { Sink } from "../../kernel/sink.ts";

type JsonHandler<R> = (call: ParsedOf<R> & Call) => Promise<ResponseOf<R>>;
/** An error before the handler returns the source becomes an error response. Later, the stream has already started. */
type Source<R> = AsyncIterable<ResponseOf<R>>;
type EventsHandler<R> = (call: ParsedOf<R> & Call) => Source<R> | Promise<Source<R>>;
/** A handler of a file, or of another API's wire format, writes its own bytes. */
type WireHandler<R> = (call: ParsedOf<R> & Call & { readonly sink: Sink }) => Promise<void>;

type Handler<R> = R extends { wire: string } | { answer: "file" }
  ? WireHandler<R>
  : R extends { answer: "events" }
    ? EventsHandler<R>
    : JsonHandler<R>;
export type Handlers<A extends Api> = { readonly [K in keyof A]: Handler<A[K]> };

/** Ties an API of the contract to its handlers; a missing, extra or wrong one does not compile. */
export function mount<A extends Api>(api: A, handlers: Handlers<A>): Mounted {
  const byEndpoint = handlers as unknown as Readonly<Record<string, AnyHandler>>;
  return Object.entries<Route>(api).map(([endpoint, route]) => {
    const handle = byEndpoint[endpoint];
    if (!handle) throw new Error(`no handler for ${endpoint}`);
    return { endpoint, route, handle };
  });
}
