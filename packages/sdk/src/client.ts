import type { RequestOf, ResponseOf, TreadleApi } from "@treadle/contract";
import { readEvents } from "./events.ts";

/** A method and a path of the API, such as `GET /api/v1/spans`. */
export type Endpoint = keyof TreadleApi;
/** The endpoints that answer with server-sent events. */
export type EventEndpoint = { [E in Endpoint]: TreadleApi[E] extends { answer: "events" } ? E : never }[Endpoint];
/** By endpoint. With `as E` each is worked out alone; without it the compiler crosses all of them, which is more than it takes. */
type Requests = { [E in Endpoint as E]: RequestOf<TreadleApi[E]> & CallOptions };
type Answers = { [E in Endpoint as E]: ResponseOf<TreadleApi[E]> };
type AllArgs = {
  [E in Endpoint as E]: Record<never, never> extends RequestOf<TreadleApi[E]>
    ? [request?: Requests[E]]
    : [request: Requests[E]];
};

/** What an endpoint takes: its `params`, `query` and `body`, and for any of them a signal and further headers. */
export type RequestFor<E extends Endpoint> = Requests[E];
/** What an endpoint answers. */
export type Answer<E extends Endpoint> = Answers[E];

type CallOptions = {
  signal?: AbortSignal;
  headers?: Readonly<Record<string, string>>;
  /** The body of an endpoint that takes bytes. */
  bytes?: Uint8Array<ArrayBuffer>;
  /**
   * Makes a retry safe, for a POST that creates something: with the same key and the same request, the server returns the first
   * response for 24 hours. 1 to 255 printable ASCII characters, such as a UUID.
   */
  idempotencyKey?: string;
  /** Lets a browser finish the request after its page was closed. */
  keepalive?: boolean;
};
type Args<E extends Endpoint> = AllArgs[E];
type WatchArgs<E extends Endpoint> = [request?: Args<E>[0] & { onOpen?: () => void }];
type Sent = CallOptions & { body?: unknown };
type Loose = Sent & {
  params?: Readonly<Record<string, unknown>>;
  query?: Readonly<Record<string, unknown>>;
};

export type ClientOptions = {
  /** Where the server is, such as `http://127.0.0.1:4747`. */
  baseUrl: string;
  /** A project API key. A browser leaves it out and sends its session cookie. */
  apiKey?: string;
  /** Which project a session speaks for. A key belongs to one project and needs no id. */
  projectId?: string;
  fetch?: typeof fetch;
};

/** Every failed call throws one. `code` is a code of the contract, or `network` (status 0) when no answer came. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: unknown;
  readonly requestId: string | undefined;

  constructor(failure: {
    status: number;
    code: string;
    message: string;
    details?: unknown;
    requestId?: string;
    cause?: unknown;
  }) {
    super(failure.message, { cause: failure.cause });
    this.name = "ApiError";
    this.status = failure.status;
    this.code = failure.code;
    this.details = failure.details;
    this.requestId = failure.requestId;
  }
}

/** A client of one server, typed from the contract. */
export function createClient({ baseUrl, apiKey, projectId, fetch: request = fetch }: ClientOptions) {
  const identity = {
    ...(apiKey && { authorization: `Bearer ${apiKey}` }),
    ...(projectId && { "x-treadle-project": projectId }),
  };

  function open(endpoint: Endpoint, input: Loose | undefined): Promise<Response> {
    const { params, query, ...sent } = input ?? {};
    const [method, url] = address(endpoint, { baseUrl, params, query });
    return reach(method, url, sent);
  }

  async function reach(method: string, url: URL, sentAlong: Sent): Promise<Response> {
    const { body, bytes, signal, headers, idempotencyKey, keepalive } = sentAlong;
    const type = bytes ? "application/octet-stream" : "application/json";
    const sent = bytes ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await request(url, {
      method,
      headers: {
        ...identity,
        ...(sent !== undefined && { "content-type": type }),
        ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent }),
      ...(signal && { signal }),
      ...(keepalive && { keepalive }),
    }).catch((cause: unknown) => {
      if (signal?.aborted) throw signal.reason;
      throw new ApiError({
        status: 0,
        code: "network",
        message: `No answer from ${url.origin}. Is the server running?`,
        cause,
      });
    });
    if (!response.ok) throw await failureOf(response);
    return response;
  }

  return {
    /** Calls an endpoint and gives its JSON answer. */
    async call<E extends Endpoint>(endpoint: E, ...[input]: Args<E>): Promise<Answer<E>> {
      const response = await open(endpoint, input);
      // The server answers by the same contract this type comes from.
      return (await response.json()) as Answer<E>;
    },
    /** Calls an endpoint and gives the answer as it comes: for streamed completions, files and response headers. */
    send<E extends Endpoint>(endpoint: E, ...[input]: Args<E>): Promise<Response> {
      return open(endpoint, input);
    },
    /**
     * Calls any path of the server, for example a path without a type in this client. Throws a TypeError if the path
     * leads to another server.
     */
    async request(method: string, path: string, input: Sent = {}): Promise<Response> {
      const url = new URL(path, baseUrl);
      // The key is for this server only, and `//host/path` names another one.
      if (url.origin !== new URL(baseUrl).origin) throw new TypeError(`${path} is not a path of ${baseUrl}.`);
      return reach(method, url, input);
    },
    /**
     * Follows an endpoint of events until the server ends it, the signal is aborted, or the loop ends. `onOpen` is
     * called when the server accepts the connection, which can be long before the first event.
     */
    async *watch<E extends EventEndpoint>(
      endpoint: E,
      ...[input]: WatchArgs<E>
    ): AsyncGenerator<Answer<E>, void, undefined> {
      const response = await open(endpoint, { ...input, headers: { accept: "text/event-stream", ...input?.headers } });
      input?.onOpen?.();
      if (!response.body) return;
      for await (const data of readEvents(response.body)) yield JSON.parse(data);
    },
  };
}
export type Client = ReturnType<typeof createClient>;

function address(
  endpoint: Endpoint,
  { baseUrl, params = {}, query = {} }: Loose & { baseUrl: string },
): [method: string, url: URL] {
  const [method = "GET", template = "/"] = endpoint.split(" ");
  const path = template.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name] ?? "")));
  const url = new URL(path, baseUrl);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
  }
  return [method, url];
}

/** Reads Treadle's error body, and the OpenAI and Anthropic shapes of the gateway; a proxy's page becomes a plain sentence. */
async function failureOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  const error = errorIn(text);
  const code = [error.code, error.type].find((value) => typeof value === "string");
  return new ApiError({
    status: response.status,
    code: code ?? "internal",
    message:
      typeof error.message === "string"
        ? error.message
        : `The server answered ${response.status} ${response.statusText}`.trimEnd(),
    details: error.details,
    requestId:
      typeof error.requestId === "string" ? error.requestId : (response.headers.get("x-request-id") ?? undefined),
  });
}

function errorIn(text: string): Partial<Record<"code" | "type" | "message" | "details" | "requestId", unknown>> {
  try {
    const body: unknown = JSON.parse(text);
    const error = typeof body === "object" && body !== null && "error" in body ? body.error : undefined;
    return typeof error === "object" && error !== null ? error : {};
  } catch {
    return {};
  }
}
