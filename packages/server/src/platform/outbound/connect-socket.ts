import { connect, isIP, type Socket } from "node:net";
import type { AddressPolicy } from "./address-policy.ts";
import { guardLookup, type Lookup, RefusedAddressError } from "./guarded-connect.ts";
import { toOutboundError } from "./outbound-errors.ts";
import { OutboundError, type OutboundSockets } from "./port.ts";

/** Opens plain sockets under the rules of HTTP requests: resolved addresses are checked, and then the socket's peer. */
export function createConnectSocket(policy: AddressPolicy, lookup: Lookup): OutboundSockets["connect"] {
  return ({ host, port, timeoutMs, signal }) =>
    new Promise<Socket>((resolve, reject) => {
      const name = `${host}:${port}`;
      const refusal = isIP(host) ? policy.refuseAddress(host, host, port) : null;
      if (refusal !== null) return reject(toOutboundError(new RefusedAddressError(refusal), name));
      const socket = connect({ host, port, lookup: guardLookup(port, policy, lookup) });
      const fail = (error: Error) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        socket.destroy();
        reject(error);
      };
      const abort = () => fail(new OutboundError("aborted", "The request was canceled."));
      const late = new OutboundError("connect_timeout", `${name} took too long to accept a connection`);
      const timer = setTimeout(() => fail(late), timeoutMs);
      const onError = (error: Error) => fail(toOutboundError(error, name));
      signal?.addEventListener("abort", abort, { once: true });
      socket.once("error", onError);
      socket.once("connect", () => {
        const peer = policy.refuseAddress(host, socket.remoteAddress ?? "", port);
        if (peer !== null) return fail(toOutboundError(new RefusedAddressError(peer), name));
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        socket.off("error", onError);
        resolve(socket);
      });
    });
}
