import { RefusedAddressError } from "./guarded-connect.ts";
import { OutboundError, type OutboundErrorKind } from "./port.ts";

const BY_CODE: Readonly<Record<string, readonly [OutboundErrorKind, string]>> = {
  UND_ERR_CONNECT_TIMEOUT: ["connect_timeout", "took too long to accept a connection"],
  UND_ERR_SOCKET: ["reset", "broke the connection off"],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ["reset", "sent another length than it announced"],
  ECONNRESET: ["reset", "broke the connection off"],
  EPIPE: ["reset", "broke the connection off"],
  ECONNREFUSED: ["connect", "refuses connections"],
  ENOTFOUND: ["connect", "has a name that does not resolve"],
  EAI_AGAIN: ["connect", "has a name that could not be resolved"],
  EHOSTUNREACH: ["connect", "cannot be reached"],
  ENETUNREACH: ["connect", "cannot be reached"],
};

/** What undici or the socket says, in our words. The host is named; path, headers and body never are. */
export function toOutboundError(error: unknown, host: string): OutboundError {
  if (error instanceof OutboundError) return error;
  const refused = findRefusal(error);
  if (refused) {
    const message = `${host} may not be reached: ${refused.message}. An operator can allow it with TREADLE_OUTBOUND_ALLOW.`;
    return new OutboundError("refused_address", message, { cause: error });
  }
  const { code, message } = describe(error);
  const [kind, words] =
    BY_CODE[code] ?? (code.startsWith("HPE_") ? ["reset", "does not speak HTTP properly"] : ["connect", ""]);
  return new OutboundError(kind, words ? `${host} ${words}` : `${host} could not be asked: ${message}`, {
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
