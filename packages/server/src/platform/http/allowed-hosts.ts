import type { IncomingMessage } from "node:http";
import { AppError } from "../../kernel/errors.ts";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
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
 * Decides whether a request was meant for this server. A name that an attacker points at this machine (DNS rebinding) is
 * refused by its Host header, a page of another site by its Origin, and a cookie counts only for this server's own pages.
 * An entry of `allowedHosts` is a name, or a name and a port. An address is allowed when the connection arrived at it.
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
   * The same server: the origin's host is the one asked for, or one the operator named (a proxy may rewrite Host). Another
   * port is another origin, and on this machine another program: a loopback name is only ours as it was asked for.
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
    /** The refusal of a request from elsewhere, or null. */
    refusalOf(request: IncomingMessage): AppError | null {
      const misdirection = misdirectionOf(request);
      if (misdirection) return misdirection;
      const { origin, host } = request.headers;
      if (origin === undefined || isAllowedOrigin(origin, host)) return null;
      const message =
        "The Origin header names another site. Call Treadle from its own pages, or from a program without an Origin header.";
      return new AppError("forbidden", { message });
    },
    /** The refusal of an unsafe request that is signed in by a cookie but was not sent by one of our own pages, or null. */
    forgeryOf(request: IncomingMessage): AppError | null {
      if (SAFE_METHODS.has(request.method ?? "")) return null;
      const isOwnPage = request.headers.origin !== undefined || request.headers["sec-fetch-site"] === "same-origin";
      if (isOwnPage) return null;
      const message = "A session cookie is only taken from Treadle's own pages. Use an API key from a program.";
      return new AppError("forbidden", { message });
    },
  };
}
export type Door = ReturnType<typeof createDoor>;
