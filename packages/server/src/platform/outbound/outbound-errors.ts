import { RefusedAddressError } from "./guarded-connect.ts";
import { OutboundError, type OutboundErrorKind } from "./port.ts";

const BY_CODE: Readonly<Record<string, readonly [OutboundErrorKind, string]>> = {
  UND_ERR_CONNECT_TIMEOUT: ["connect_timeout", "took too long to accept a connection"],
  UND_ERR_SOCKET: ["reset", "closed the connection"],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ["reset", "sent a different length than it announced"],
  ECONNRESET: ["reset", "closed the connection"],
  EPIPE: ["reset", "closed the connection"],
  ECONNREFUSED: ["connect", "refuses connections"],
  ENOTFOUND: ["connect", "has a name that does not resolve"],
  EAI_AGAIN: ["connect", "has a name that could not be resolved"],
  EHOSTUNREACH: ["connect", "cannot be reached"],
  ENETUNREACH: ["connect", "cannot be reached"],
};

/** Errors of undici or the socket in our words. The host is named; path, headers and body never are. */
export function toOutboundError(error: unknown, host: string): OutboundError {
  if (error instanceof OutboundError) return error;
  const refused = findRefusal(error);
  if (refused) {
    const message = `Requests to ${host} are not allowed: ${refused.message}. An operator can allow the host with TREADLE_OUTBOUND_ALLOW.`;
    return new OutboundError("refused_address", message, { cause: error });
  }
  const { code, message } = describe(error);
  const [kind, words] =
    BY_CODE[code] ?? (code.startsWith("HPE_") ? ["reset", "sent an invalid HTTP response"] : ["connect", ""]);
  return new OutboundError(kind, words ? `${host} ${words}` : `The request to ${host} failed: ${message}`, {
    cause: error,
  });
}

function findRefusal(error: unknown): RefusedAddressError | undefined {
  if (error instanceof RefusedAddressError) return error;
  return error instanceof AggregateError
    ? error.errors.find((inner) => inner instanceof RefusedAddressError)
    : undefined;
}

function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: "", message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return { code, message: error.message };
}
