import { Agent, Pool } from "undici";
import { AppError } from "../../kernel/errors.ts";
import { createAddressPolicy, portOf, refuseText } from "./address-policy.ts";
import { createConnectSocket } from "./connect-socket.ts";
import { type Place, startExchange } from "./exchange.ts";
import { createGuardedConnect, type Lookup, lookUpAll } from "./guarded-connect.ts";
import {
  type Outbound,
  OutboundError,
  type OutboundHandler,
  type OutboundRequest,
  type OutboundSockets,
} from "./port.ts";

/** Sockets to one origin at most; more requests wait for a free one as long as their `connectMs` says. */
const CONNECTIONS = 256;
/**
 * How long an unused socket stays open, in milliseconds. It is less than the minute after which most servers close
 * theirs.
 */
const KEEP_ALIVE_MS = 15_000;
const KNOWN_PLACES = 2_000;
/** The number of separate certificate authorities at a time. Each has separate sockets. */
const KNOWN_AUTHORITIES = 50;

type Options = { readonly allow: readonly string[]; readonly lookup?: Lookup };

/** `allow`: addresses beyond the public internet, as the operator wrote them. `lookup` resolves names; the system's by default. */
export function createOutbound({ allow, lookup = lookUpAll }: Options): Outbound & OutboundSockets {
  const policy = createAddressPolicy(allow);
  const openAgent = (ca?: string) =>
    new Agent({
      factory: (origin) =>
        new Pool(origin, {
          connections: CONNECTIONS,
          pipelining: 1,
          keepAliveTimeout: KEEP_ALIVE_MS,
          connect: createGuardedConnect(new URL(origin), { policy, lookup, ca }),
        }),
    });
  const agent = openAgent();
  const trusting = new Map<string, Agent>();
  const places = new Map<string, Place>();

  /** A URL's parts; judging and parsing one costs more than the rest of a dispatch, so that the few in use are remembered. */
  function locate(url: string): Place | OutboundError {
    const known = places.get(url);
    if (known) return known;
    const refusal = policy.refuseUrl(url);
    if (refusal) return new OutboundError("refused_address", refused(url, refusal));
    const parsed = new URL(url);
    const place = { origin: parsed.origin, path: `${parsed.pathname}${parsed.search}`, host: parsed.host };
    if (places.size >= KNOWN_PLACES) places.clear();
    places.set(url, place);
    return place;
  }

  function agentFor(ca: string | undefined): Agent {
    if (ca === undefined) return agent;
    const known = trusting.get(ca);
    if (known) return known;
    const [oldest] = trusting;
    if (oldest && trusting.size >= KNOWN_AUTHORITIES) {
      trusting.delete(oldest[0]);
      // Its active requests end first.
      void oldest[1].close();
    }
    const opened = openAgent(ca);
    trusting.set(ca, opened);
    return opened;
  }

  function dispatch(request: OutboundRequest, handler: OutboundHandler) {
    const place = locate(request.url);
    if (!(place instanceof OutboundError)) return startExchange(agentFor(request.ca), place, { request, handler });
    queueMicrotask(() => handler.onError(place));
    return { abort: () => {}, resume: () => {} };
  }

  return {
    dispatch,
    connect: createConnectSocket(policy, lookup),
    request: (request) => collect(dispatch, request),
    async checkUrl(url) {
      const refusal = policy.refuseUrl(url);
      if (refusal) throw new AppError("unprocessable", { message: refused(url, refusal) });
      const { hostname } = new URL(url);
      // A name that does not resolve now may do so later: what counts is the check when the socket connects.
      const addresses = await lookup(hostname.replace(/^\[|\]$/g, "")).catch(() => []);
      const port = portOf(new URL(url));
      const problem = addresses.map(({ address }) => policy.refuseAddress(hostname, address, port)).find(Boolean);
      if (problem) throw new AppError("unprocessable", { message: refused(url, problem) });
    },
    async close() {
      await Promise.all([agent, ...trusting.values()].map((one) => one.destroy()));
    },
  };
}

const refused = (url: string, reason: string) => {
  const host = URL.canParse(url) ? new URL(url).host : "this address";
  const advice = refuseText(url) ? "" : " An operator can allow private addresses with TREADLE_OUTBOUND_ALLOW.";
  return `Requests to ${host || "this address"} are not allowed: ${reason}.${advice}`;
};

type Answer = Awaited<ReturnType<Outbound["request"]>>;

function collect(dispatch: Outbound["dispatch"], request: Parameters<Outbound["request"]>[0]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let head: Pick<Answer, "status" | "headers"> = { status: 0, headers: {} };
    const exchange = dispatch(request, {
      onHead: (status, headers) => {
        head = { status, headers };
      },
      onData(chunk) {
        size += chunk.length;
        chunks.push(chunk);
        if (size <= request.maxBytes) return true;
        reject(new OutboundError("too_large", `The response is larger than the limit of ${request.maxBytes} bytes.`));
        exchange.abort();
        return false;
      },
      onEnd: () => resolve({ ...head, body: Buffer.concat(chunks) }),
      onError: reject,
    });
  });
}
