import type { Socket } from "node:net";

export type OutboundRequest = {
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly signal?: AbortSignal;
  /** PEM of the authorities for this request, which replace the system's. */
  readonly ca?: string;
  /** Milliseconds. `idleMs` is the longest silence between two pieces of a body; `totalMs` covers all of it. */
  readonly timeouts: {
    readonly connectMs: number;
    readonly firstByteMs: number;
    readonly idleMs: number;
    readonly totalMs: number;
  };
};

/** Called as the answer arrives. After `onEnd` or `onError` nothing more is called. */
export type OutboundHandler = {
  onHead(status: number, headers: Readonly<Record<string, string | string[]>>): void;
  /** False pauses the transfer until `resume` is called. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  onError(error: OutboundError): void;
};

export type OutboundErrorKind =
  | "refused_address"
  | "connect"
  | "connect_timeout"
  | "first_byte_timeout"
  | "idle_timeout"
  | "total_timeout"
  | "reset"
  | "aborted"
  | "too_large";

/** Why there is no complete response. */
export class OutboundError extends Error {
  override readonly name = "OutboundError";
  readonly kind: OutboundErrorKind;

  constructor(kind: OutboundErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** The one door to other machines: addresses checked when the socket connects, no redirects followed, every wait bounded. */
export type Outbound = {
  /** Throws `AppError("unprocessable")` for a URL that can never be allowed; for saving a connection. Names are resolved and checked too. */
  checkUrl(url: string): Promise<void>;
  dispatch(request: OutboundRequest, handler: OutboundHandler): { abort(): void; resume(): void };
  /** The whole response, cut off with an error at `maxBytes`. A redirect is returned unchanged. */
  request(
    request: OutboundRequest & { readonly maxBytes: number },
  ): Promise<{ status: number; headers: Readonly<Record<string, string | string[]>>; body: Buffer }>;
  close(): Promise<void>;
};

/** Sockets for protocols other than HTTP, such as SMTP. */
export type OutboundSockets = {
  /** A connected socket to an allowed address. Throws `OutboundError`. */
  connect(place: {
    readonly host: string;
    readonly port: number;
    readonly timeoutMs: number;
    readonly signal?: AbortSignal;
  }): Promise<Socket>;
};
