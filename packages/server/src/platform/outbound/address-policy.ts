import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** The allowed addresses. `null` means allowed; a sentence explains a rejection. */
export type AddressPolicy = {
  /** Checks a URL's text: its scheme, its host name, a literal address. */
  refuseUrl(url: string): string | null;
  /** Judges an address that a host's name stands for, or the peer of a socket. */
  refuseAddress(host: string, address: string, port: number): string | null;
};

type Rule = {
  readonly port: number | null;
  readonly host: string | null;
  readonly range: readonly [ipaddr.IPv4 | ipaddr.IPv6, number] | null;
};

/** The kinds of special addresses, in words, by the names of ipaddr.js; `unicast` is what is left: the public internet. */
const KINDS: Readonly<Record<string, string>> = {
  loopback: "a loopback address",
  private: "a private address",
  uniqueLocal: "a private address",
  linkLocal: "a link-local address, where clouds serve their metadata",
  carrierGradeNat: "an address inside a provider's network",
  multicast: "a multicast address",
  broadcast: "a broadcast address",
  unspecified: "an unspecified address",
};

/** All of the public IPv6 internet lies here; what lies outside has had other meanings, such as an IPv4 address written behind `::`. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");
const WELL_KNOWN_NAT64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");
const LOCAL_NAMES = /(^|\.)localhost$/;

/**
 * Only public addresses, and addresses that an operator named: `host`, `host:port`, an IP address, or a range such as
 * `10.0.0.0/8`. Throws for other entries.
 */
export function createAddressPolicy(allow: readonly string[]): AddressPolicy {
  const rules = allow.map(toRule);
  const isNamed = (host: string, port: number) => rules.some((rule) => rule.host === host && matches(rule, port));
  const isInRange = (address: ipaddr.IPv4 | ipaddr.IPv6, port: number) =>
    rules.some((rule) => rule.range && matches(rule, port) && contains(rule.range, address));

  function refuseAddress(host: string, address: string, port: number): string | null {
    if (isNamed(cleanHost(host), port)) return null;
    if (!ipaddr.isValid(address)) return `"${address}" is not an address`;
    const parsed = unwrap(ipaddr.parse(address));
    if (isInRange(parsed, port)) return null;
    const kind = parsed.range();
    if (kind === "unicast" && (parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST))) return null;
    return `${address} is ${KINDS[kind] ?? "not an address of the public internet"}`;
  }

  return {
    refuseAddress,
    refuseUrl(text) {
      const problem = refuseText(text);
      if (problem) return problem;
      const url = new URL(text);
      const host = cleanHost(url.hostname);
      const port = portOf(url);
      if (isNamed(host, port)) return null;
      if (LOCAL_NAMES.test(host)) return `"${host}" is this machine`;
      return isIP(host) ? refuseAddress(host, host, port) : null;
    },
  };
}

/** The port of a URL as a number, the scheme's own when it names none. */
export const portOf = (url: URL) => (url.port ? Number(url.port) : url.protocol === "https:" ? 443 : 80);

/** A host in its one spelling: lower-case, without the brackets of IPv6 and the dot of a full name. */
const cleanHost = (host: string) =>
  host
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");

/** URLs that no operator can allow: not clearly the URL of a web server. */
export function refuseText(text: string): string | null {
  // Two parsers that read a backslash or a blank differently are how checks like this one are passed by.
  if (/[\\\s]/.test(text) || /\p{Cc}/u.test(text))
    return "the URL contains a backslash, a space or a control character";
  if (!URL.canParse(text)) return "it is not a URL";
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return `the scheme "${url.protocol}" is not http or https`;
  if (url.username || url.password || text.slice(0, text.indexOf("/", 8) >>> 0).includes("@")) {
    return "the URL contains a user name or a password";
  }
  return url.hostname ? null : "the URL has no host";
}

/** The IPv4 address that an IPv6 one only carries. Other tunnels (6to4, Teredo) stay as they are and are refused. */
function unwrap(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address instanceof ipaddr.IPv4) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (!address.match(WELL_KNOWN_NAT64)) return address;
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}

const matches = (rule: Rule, port: number) => rule.port === null || rule.port === port;

const contains = ([network, bits]: readonly [ipaddr.IPv4 | ipaddr.IPv6, number], address: ipaddr.IPv4 | ipaddr.IPv6) =>
  network.kind() === address.kind() && address.match(network, bits);

function toRule(entry: string): Rule {
  const text = entry.trim().toLowerCase();
  if (ipaddr.isValidCIDR(text)) return { port: null, host: null, range: ipaddr.parseCIDR(text) };
  if (isIP(text)) return { port: null, host: null, range: single(text) };
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:/[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = cleanHost(bracketed ?? plain ?? "");
  const port = digits === undefined ? null : Number(digits);
  if (isIP(host) && (port ?? 1) <= 65_535) return { port, host: null, range: single(host) };
  if (/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(host) && !bracketed && (port ?? 1) <= 65_535)
    return { port, host, range: null };
  throw new Error(
    `TREADLE_OUTBOUND_ALLOW contains "${entry}", which is not valid. Write a host, host:port, an IP address, or a range such as 10.0.0.0/8.`,
  );
}

const single = (address: string): readonly [ipaddr.IPv4 | ipaddr.IPv6, number] => {
  const parsed = unwrap(ipaddr.parse(address));
  return [parsed, parsed instanceof ipaddr.IPv4 ? 32 : 128];
};
