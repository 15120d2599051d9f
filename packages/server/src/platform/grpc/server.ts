import {
  status as Code,
  logVerbosity,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  setLogVerbosity,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { PERMISSIONS } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import type { ClientAddresses } from "../http/listen/client-address.ts";
import type { Authenticate } from "../http/traffic/credentials.ts";
import type { Metrics } from "../metrics/port.ts";
import { createAdmission } from "./admission.ts";
import type { GrpcListener } from "./listen.ts";
import { createMessageBudget } from "./message-budget.ts";
import type { GrpcMethod } from "./port.ts";
import { createTraffic, type Exchange } from "./traffic.ts";

const LIMITS = {
  /** How long a call may take to send its message. */
  receiveMs: 120_000,
  maxStreams: 100,
  idleMs: 300_000,
  /** Connections end now and then, so that a load balancer can distribute them again and none is held forever. */
  ageMs: 3_600_000,
  ageGraceMs: 120_000,
};

type Options = {
  readonly listener: GrpcListener;
  readonly methods: readonly GrpcMethod[];
  readonly authenticate: Authenticate;
  readonly clients: ClientAddresses;
  /** The largest message, counted after decompression. */
  readonly maxMessageBytes: number;
  /** The maximum of all messages in progress. */
  readonly maxBytes: number;
  /** How long a stop waits for running calls. */
  readonly drainSeconds: number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly limits?: Partial<typeof LIMITS>;
};

export type GrpcServer = {
  /** Answers from now on, those who connected early too. */
  start(): void;
  /** Stops listening, lets running calls end for at most `drainSeconds`, then breaks the rest off. */
  close(): Promise<void>;
};

/** The only place that knows gRPC: admit, receive, call, answer. Throws for a method that names no permission. */
export function createGrpcServer(options: Options): GrpcServer {
  const { listener, methods, authenticate, clients, maxMessageBytes, maxBytes, drainSeconds } = options;
  const limits = { ...LIMITS, ...options.limits };
  // It would write headers, keys among them, to standard error.
  setLogVerbosity(logVerbosity.NONE);
  const { intercept, exchangeOf } = createAdmission({
    permissions: new Map(methods.map((method) => [method.path, permissionOf(method)])),
    authenticate,
    clients,
    budget: createMessageBudget(maxBytes),
    traffic: createTraffic(options),
    listener,
    receiveMs: limits.receiveMs,
  });
  const server = new Server({
    interceptors: [intercept],
    "grpc.enable_channelz": 0,
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_concurrent_streams": limits.maxStreams,
    "grpc.max_connection_idle_ms": limits.idleMs,
    "grpc.max_connection_age_ms": limits.ageMs,
    "grpc.max_connection_age_grace_ms": limits.ageGraceMs,
  });
  addMethods(server, methods, (method, { metadata, request }, answer) => {
    respond(method, { request, exchange: exchangeOf(metadata), answer }).catch((error: unknown) =>
      options.log.error({ error }, "a call could not be answered"),
    );
  });
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    start: () => listener.handOver((socket) => injector.injectConnection(socket)),
    async close() {
      const ended = listener.close(drainSeconds * 1_000);
      // Asks every caller to send no more. Its callback comes too early; the end of the connections counts.
      server.tryShutdown(() => undefined);
      await ended;
    },
  };
}

const KNOWN: ReadonlySet<string> = new Set(PERMISSIONS);

function permissionOf({ path, permission }: GrpcMethod) {
  if (KNOWN.has(permission)) return permission;
  throw new Error(`${path} does not name a known permission, so it is not served.`);
}

type Call = ServerUnaryCall<Buffer, Buffer>;
type Answer = sendUnaryData<Buffer>;
type Take = (method: GrpcMethod, call: Call, answer: Answer) => void;

const asItIs = (bytes: Buffer) => bytes;

/** Neither side of a method is read here: bytes come in and go out. */
function addMethods(server: Server, methods: readonly GrpcMethod[], take: Take) {
  const service: Record<string, ServiceDefinition[string]> = {};
  const implementation: UntypedServiceImplementation = {};
  for (const method of methods) {
    service[method.path] = {
      path: method.path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asItIs,
      requestDeserialize: asItIs,
      responseSerialize: asItIs,
      responseDeserialize: asItIs,
    };
    implementation[method.path] = (call: Call, answer: Answer) => take(method, call, answer);
  }
  server.addService(service, implementation);
}

type Received = { readonly request: Buffer; readonly exchange: Exchange | undefined; readonly answer: Answer };

async function respond({ handle }: GrpcMethod, { request, exchange, answer }: Received): Promise<void> {
  if (!exchange?.scope) return answer({ code: Code.UNAUTHENTICATED, details: new AppError("unauthorized").message });
  const result = await handle(exchange.scope, request).catch((error: unknown) => ({
    refusal: exchange.refusal(error),
  }));
  if ("refusal" in result) return answer(result.refusal);
  exchange.succeed();
  answer(null, result);
}
