import type { z } from "zod";
import type { Permission } from "./permissions.ts";

export type Shape = z.ZodType;

/** Who may call an endpoint: a permission, anyone at all, or anyone who is signed in or holds a key. */
export type Access = Permission | "public" | "signed-in";

/** One HTTP endpoint, as data. The key it is stored under is its method and path. */
export type Route = {
  readonly name: string;
  readonly summary: string;
  /** What a caller must know beyond the summary: limits, side effects, what happens to related data. Markdown, whole sentences. */
  readonly description?: string;
  readonly permission: Access;
  /**
   * Text of traces beyond the marked fields of the response. `required`: a caller without `traces:content` is refused.
   * `partial`: the handler leaves it out.
   */
  readonly content?: "required" | "partial";
  readonly params?: Shape;
  readonly query?: Shape;
  readonly body?: Shape;
  /**
   * A request body for the API description. It replaces the body that is derived from `body` if that would be invalid
   * or confusing.
   */
  readonly example?: unknown;
  /** `bytes`: the body is bytes of any content type, as `bytes` of the call. */
  readonly takes?: "json" | "bytes";
  /** Of `bytes`: the most bytes, if it is not 16 MiB. */
  readonly maxBytes?: number;
  readonly response: Shape;
  /** The status of a successful answer; 200 when unset. */
  readonly status?: number;
  /** Of a POST that answers 200: it creates something, so that it accepts an `Idempotency-Key` as one with status 201 or 202 does. */
  readonly creates?: boolean;
  /** `events`: the answer is a stream of server-sent events, each `data:` line one `response`. `file`: bytes that the handler writes itself. */
  readonly answer?: "json" | "events" | "file";
  /** A page that a person opens by a link. It has no command. */
  readonly isPage?: true;
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

/** Endpoints about one noun, which the API description shows together. */
export type Tag = {
  readonly name: string;
  /** One sentence: what the noun is, or what these endpoints are for. */
  readonly description: string;
  readonly endpoints: readonly Api[];
};

/** Preserves the literal types of an API table. The SDK and the handlers are typed from them. */
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

/**
 * Every custom request header, by its lower-case name, with its effect. Unknown headers with the same prefix are
 * reported to the caller.
 */
export const REQUEST_HEADERS = {
  "x-treadle-project": "the project to act in, where a session or a key opens several",
  "x-treadle-user": "the end user of a call",
  "x-treadle-session": "the session of a call",
  "x-treadle-environment": "the environment of a call, such as production",
  "x-treadle-tags": "tags of a call, separated by commas",
  "x-treadle-metadata": "metadata of a call, as a JSON object of strings",
  "x-treadle-cache": "for how many seconds the response may be cached; 0 turns the cache off",
  "x-treadle-fallback": "models to try next, separated by commas",
  "x-treadle-variant": "the variant of the endpoint that must answer; such a call is left out of comparisons",
  "x-treadle-prompt": "NAME@VERSION of the stored prompt that the caller filled in",
} as const;
