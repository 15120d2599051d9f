import type { z } from "zod";
import type { Permission } from "./permissions.ts";

export type Shape = z.ZodType;

/** Who may call an endpoint: a permission, anyone at all, or anyone who is signed in or holds a key. */
export type Access = Permission | "public" | "signed-in";

/** One HTTP endpoint, as data. The key it is stored under is its method and path. */
export type Route = {
  readonly name: string;
  readonly summary: string;
  readonly permission: Access;
  readonly params?: Shape;
  readonly query?: Shape;
  readonly body?: Shape;
  /** `bytes`: the body is bytes of any content type, as `bytes` of the call. */
  readonly takes?: "json" | "bytes";
  readonly response: Shape;
  /** The status of a successful answer; 200 when unset. */
  readonly status?: number;
  /** `events`: the answer is a stream of server-sent events, each `data:` line one `response`. `file`: bytes that the handler writes itself. */
  readonly answer?: "json" | "events" | "file";
  /** Of `events`: the field that is sent as the event's id, which a reader that lost the connection says in `Last-Event-ID`. */
  readonly eventId?: string;
  /** `any`: pages of every site may call it, and read its answer. Only for what takes no cookie. */
  readonly origins?: "any";
  /** A route that speaks another API's wire format: errors take that shape and the handler writes the bytes itself. */
  readonly wire?: "openai" | "anthropic" | "otlp" | "mcp";
  /** Answers in our way, with errors that another API's client reads. */
  readonly errors?: "mlflow";
};

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Api = Record<`${Method} /${string}`, Route>;

/** Keeps the literal types of an API table, which the SDK and the handlers are typed from. */
export const defineApi = <const A extends Api>(api: A): A => api;

type Optional<K extends string, V> = Record<never, never> extends V ? { [k in K]?: V } : { [k in K]: V };
type In<R, K extends "params" | "query" | "body"> = R extends { [k in K]: infer S extends Shape }
  ? Optional<K, z.input<S>>
  : Record<never, never>;
type Out<R, K extends "params" | "query" | "body"> = R extends { [k in K]: infer S extends Shape }
  ? { [k in K]: z.output<S> }
  : Record<never, never>;

/** What a caller sends, before defaults are filled in. */
export type RequestOf<R> = R extends unknown ? In<R, "params"> & In<R, "query"> & In<R, "body"> : never;
/** What a handler receives once the request has been parsed. */
export type ParsedOf<R> = Out<R, "params"> & Out<R, "query"> & Out<R, "body">;
export type ResponseOf<R> = R extends { response: infer S extends Shape } ? z.output<S> : never;
