import type { IncomingMessage } from "node:http";
import { AppError } from "../../../kernel/errors.ts";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
export const isLoopbackName = (name: string): boolean => LOOPBACK.includes(name);
const MAX_REMEMBERED = 1_000;
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** The name part of a Host header: `[::1]:80` → `[::1]`, `Treadle.example.:80` → `treadle.example`. */
const nameOf = (host: string) => host.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");

/** The address a connection arrived at, as a Host header would name it. */
function localNameOf({ localAddress = "" }: IncomingMessage["socket"]): string {
  const address = localAddress.startsWith("::ffff:") ? localAddress.slice("::ffff:".length) : localAddress;
  return address.includes(":") ? `[${address}]` : address;
}

/**
 * Decides whether a request was meant for this server. The Host header rejects a name that an attacker points at this
 * machine (DNS rebinding). The Origin header rejects pages of other sites. A cookie counts only for this server's own
 * pages. An entry of `allowedHosts` is a name, or a name and a port. An address is allowed if the connection arrived at
 * it.
 */
export function createDoor(allowedHosts: readonly string[]) {
  const named = new Set(allowedHosts.map((host) => host.toLowerCase()));
  const remembered = new Set<string>();
  const isNamed = (host: string) => named.has(host.toLowerCase()) || named.has(nameOf(host));

  function isAllowedHost({ headers: { host }, socket }: IncomingMessage): boolean {
    if (host === undefined) return false;
    if (remembered.has(host)) return true;
    const isAllowed = LOOPBACK.includes(nameOf(host)) || isNamed(host);
    if (isAllowed && remembered.size < MAX_REMEMBERED) remembered.add(host);
    return isAllowed || nameOf(host) === localNameOf(socket);
  }

  /**
   * The same server: the origin's host is the requested host, or a host that the operator named (a proxy may rewrite
   * Host). Another port is another origin, and on this machine another program: a loopback name is ours only with the
   * requested port.
   */
  function isAllowedOrigin(origin: string, host: string | undefined): boolean {
    const [scheme, originHost] = origin.split("://", 2);
    if ((scheme !== "http" && scheme !== "https") || !originHost) return false;
    if (originHost.toLowerCase() === host?.toLowerCase()) return true;
    return named.has(originHost.toLowerCase()) && !LOOPBACK.includes(nameOf(originHost));
  }

  const misdirectionOf = (request: IncomingMessage): AppError | null =>
    isAllowedHost(request) ? null : new AppError("misdirected_request");

  return {
    /** The refusal of a request that names another server, or null; for what pages of every site may call. */
    misdirectionOf,
    /** The rejection of a cross-site request, or null. */
    refusalOf(request: IncomingMessage): AppError | null {
      const misdirection = misdirectionOf(request);
      if (misdirection) return misdirection;
      const { origin, host } = request.headers;
      if (origin === undefined || isAllowedOrigin(origin, host)) return null;
      const message =
        "The Origin header names another site. Call Treadle from its own pages, or from a program without an Origin header.";
      return new AppError("forbidden", { message });
    },
    /** The rejection of an unsafe request with a cookie that one of our own pages did not send, or null. */
    forgeryOf(request: IncomingMessage): AppError | null {
      if (SAFE_METHODS.has(request.method ?? "")) return null;
      const isOwnPage = request.headers.origin !== undefined || request.headers["sec-fetch-site"] === "same-origin";
      if (isOwnPage) return null;
      const message = "Session cookies are only accepted from Treadle's own pages. From a program, use an API key.";
      return new AppError("forbidden", { message });
    },
  };
}
export type Door = ReturnType<typeof createDoor>;
