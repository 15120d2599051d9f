import type { Socket } from "node:net";
import type { ClientAddresses } from "./client-address.ts";

type Options = {
  /** How many connections one address may hold open. Trusted proxies speak for many and are held to `total` alone. */
  readonly perAddress: number;
  readonly total: number;
  readonly clients: Pick<ClientAddresses, "isProxy" | "peerName">;
};

/** Idle connections are in the order of their arrival. Connections with an active request are in `busy`. */
type Holder = { readonly waiting: Set<Socket>; readonly busy: Set<Socket> };

/**
 * Limits the open connections of each address and in total. At a limit, the oldest idle connection ends: from the same
 * address, or from the address with the most connections. A caller with thousands of connections therefore does not
 * block others.
 */
export function createConnectionLimit({ perAddress, total, clients }: Options) {
  const holders = new Map<string, Holder>();
  let count = 0;

  const sizeOf = ({ waiting, busy }: Holder) => waiting.size + busy.size;

  /** False if the address is at its limit. */
  function endOldest({ waiting }: Holder): boolean {
    const [oldest] = waiting;
    if (!oldest) return false;
    waiting.delete(oldest);
    oldest.destroy();
    return true;
  }

  function largest(): Holder | undefined {
    let most: Holder | undefined;
    for (const holder of holders.values())
      if (holder.waiting.size > 0 && (!most || sizeOf(holder) > sizeOf(most))) most = holder;
    return most;
  }

  const holderOf = (name: string): Holder => {
    const holder = holders.get(name) ?? { waiting: new Set(), busy: new Set() };
    holders.set(name, holder);
    return holder;
  };

  return {
    /** Counts a new connection until it closes. False if there is no room; then nothing is counted. */
    admit(socket: Socket): boolean {
      const peer = socket.remoteAddress ?? "";
      const name = clients.peerName(peer);
      const holder = holderOf(name);
      if (!clients.isProxy(peer) && sizeOf(holder) >= perAddress && !endOldest(holder)) return false;
      if (count >= total) {
        const victim = largest();
        if (!victim || !endOldest(victim)) return false;
      }
      count++;
      holder.waiting.add(socket);
      socket.once("close", () => {
        count--;
        holder.waiting.delete(socket);
        holder.busy.delete(socket);
        if (sizeOf(holder) === 0) holders.delete(name);
      });
      return true;
    },
    /** A connection with a request that runs is never ended to make room. */
    setBusy(socket: Socket, isBusy: boolean): void {
      const holder = holders.get(clients.peerName(socket.remoteAddress ?? ""));
      if (!holder || socket.destroyed) return;
      const [from, to] = isBusy ? [holder.waiting, holder.busy] : [holder.busy, holder.waiting];
      if (from.delete(socket)) to.add(socket);
    },
  };
}
