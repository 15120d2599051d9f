import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { type AddressPolicy, portOf } from "./address-policy.ts";

export type ResolvedAddress = { readonly address: string; readonly family: number };
/** All addresses of a host name. Throws if it has none. */
export type Lookup = (host: string) => Promise<readonly ResolvedAddress[]>;

export const lookUpAll: Lookup = (host) => systemLookup(host, { all: true });

/** The resolved address of a name, or the socket's peer, is forbidden. */
export class RefusedAddressError extends Error {
  override readonly name = "RefusedAddressError";
}

/** The longest connection timeout that a caller may request. Each request's own limit is enforced by its exchange. */
const LONGEST_CONNECT_MS = 60_000;

type Guard = {
  readonly policy: AddressPolicy;
  readonly lookup: Lookup;
  /** PEM of the trusted authorities that replace the system's. */
  readonly ca: string | undefined;
};

/**
 * Opens sockets to one origin. The resolved addresses are checked in the same step that connects to them, so that a
 * name cannot change between check and use. Then the socket's peer is checked again.
 */
export function createGuardedConnect(origin: URL, { policy, lookup, ca }: Guard): buildConnector.connector {
  const port = portOf(origin);
  const trusted = ca === undefined ? {} : { ca };
  const connect = buildConnector({
    timeout: LONGEST_CONNECT_MS,
    lookup: guardLookup(port, policy, lookup),
    ...trusted,
  });
  return (options, callback) => {
    const host = options.hostname;
    const refusal = isIP(host) ? policy.refuseAddress(host, host, port) : null;
    if (refusal) {
      callback(new RefusedAddressError(refusal), null);
      return;
    }
    connect(options, (error, socket) => {
      if (error || !socket) {
        callback(error ?? new Error("no socket"), null);
        return;
      }
      const peer = policy.refuseAddress(host, socket.remoteAddress ?? "", port);
      if (!peer) {
        callback(null, socket);
        return;
      }
      socket.destroy();
      callback(new RefusedAddressError(peer), null);
    });
  };
}

/** A name with one refused address is refused whole: which of its addresses is tried first is not ours to rely on. */
export function guardLookup(port: number, policy: AddressPolicy, lookup: Lookup): LookupFunction {
  return (host, options, callback) => {
    lookup(host).then(
      (addresses) => {
        const usable = options.family ? addresses.filter(({ family }) => family === Number(options.family)) : addresses;
        const refusal = addresses.map(({ address }) => policy.refuseAddress(host, address, port)).find(Boolean);
        const [first] = usable;
        if (refusal)
          callback(new RefusedAddressError(`${host} resolves to an address that is not allowed: ${refusal}`), "");
        else if (!first) callback(new Error(`${host} has no address`), "");
        else if (options.all) callback(null, [...usable]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, ""),
    );
  };
}
