import type { IncomingHttpHeaders } from "node:http";
import ipaddr from "ipaddr.js";
import type { Log } from "../../../kernel/log.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [network: Address, bits: number];
type Forwarding = Pick<IncomingHttpHeaders, "forwarded"> & { readonly "x-forwarded-for"?: string | readonly string[] };

const IPV6_NETWORK_BITS = 64;
const MAX_REMEMBERED = 10_000;

/** An address or a CIDR range, such as `10.0.0.7` or `10.0.0.0/8`; null for any other text, and for a range of every address. */
export function parseRange(text: string): Range | null {
  if (ipaddr.isValidCIDR(text)) {
    const range = ipaddr.parseCIDR(text);
    return range[1] > 0 ? range : null;
  }
  const address = parseAddress(text);
  return address && [address, address.kind() === "ipv4" ? 32 : 128];
}

/** An IPv4 address that IPv6 carries is the IPv4 one. */
function parseAddress(text: string): Address | null {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return null;
  return ipaddr.process(text);
}

/** A hop as proxies write it: with a port or not, IPv6 in brackets or not. */
function parseHop(text: string): Address | null {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+)(?::\d+)?)$/.exec(text) ?? [];
  return parseAddress(bracketed ?? plain ?? text);
}

/** The unit of limits: an IPv4 address, or the /64 network of an IPv6 subscriber. */
function nameOf(address: Address): string {
  if (address instanceof ipaddr.IPv4 || address.range() === "loopback") return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${IPV6_NETWORK_BITS}`)}/${IPV6_NETWORK_BITS}`;
}

const splitHops = (value: string | readonly string[] | undefined): string[] | null =>
  value === undefined
    ? null
    : String(value)
        .split(",")
        .map((hop) => hop.trim());

/** The `for` of each element of a Forwarded header (RFC 7239). What a caller wrote lies to the left of what proxies add. */
const splitForwarded = (value: string | undefined): string[] | null =>
  splitHops(value)?.map((element) => /(?:^|;)\s*for\s*=\s*"?([^";]*)"?/i.exec(element)?.[1] ?? "") ?? null;

/**
 * Finds a request's client address. `X-Forwarded-For` and `Forwarded` are read only from the operator's trusted
 * proxies, from the right to the first address that is not a trusted proxy: the caller may have invented addresses
 * further left. If the headers name different addresses, one is invented by the caller, so neither counts.
 */
export function createClientAddresses(trusted: readonly string[], log?: Pick<Log, "warn">) {
  const ranges = trusted.map(parseRange).filter((range) => range !== null);
  const peers = new Map<
    string,
    { readonly address: Address | null; readonly name: string; readonly isProxy: boolean }
  >();
  let isWarned = ranges.length > 0;

  const isTrusted = (address: Address) =>
    ranges.some(([network, bits]) => network.kind() === address.kind() && address.match([network, bits]));

  function peerOf(text: string) {
    const known = peers.get(text);
    if (known) return known;
    const address = parseAddress(text.replace(/%.*$/, ""));
    const peer = { address, name: address ? nameOf(address) : text, isProxy: address !== null && isTrusted(address) };
    if (peers.size >= MAX_REMEMBERED) peers.clear();
    peers.set(text, peer);
    return peer;
  }

  function walk(hops: readonly string[], from: Address): Address {
    let client = from;
    for (let at = hops.length - 1; at >= 0 && isTrusted(client); at--) {
      const hop = parseHop(hops[at] ?? "");
      if (hop === null) break;
      client = hop;
    }
    return client;
  }

  function warnOnce(peer: string): void {
    isWarned = true;
    log?.warn(
      { peer },
      "a request came through a proxy that TREADLE_TRUSTED_PROXIES does not list, so rate limits count all callers behind it as one",
    );
  }

  return {
    isProxy: (peer: string): boolean => peerOf(peer).isProxy,
    /** The key by which limits count for a connection, for all its callers. */
    peerName: (peer: string): string => peerOf(peer).name,
    /** The address of a caller; of IPv6 its /64 network. */
    clientOf(peer: string, headers: Forwarding): string {
      const { address, name, isProxy } = peerOf(peer);
      const { "x-forwarded-for": forwardedFor, forwarded } = headers;
      if (forwardedFor === undefined && forwarded === undefined) return name;
      if (!isProxy || address === null) {
        if (!isWarned) warnOnce(name);
        return name;
      }
      const chains = [splitHops(forwardedFor), splitForwarded(forwarded)].filter((hops) => hops !== null);
      const [client = name, ...others] = chains.map((hops) => nameOf(walk(hops, address)));
      return others.every((other) => other === client) ? client : name;
    },
  };
}
export type ClientAddresses = ReturnType<typeof createClientAddresses>;
