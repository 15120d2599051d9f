import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  type ServerListener,
} from "@grpc/grpc-js";
import type { Permission } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { ClientAddresses } from "../http/listen/client-address.ts";
import { type Authenticate, type Credentials, judgementOf } from "../http/traffic/credentials.ts";
import type { GrpcListener } from "./listen.ts";
import type { MessageBudget, Room } from "./message-budget.ts";
import type { Exchange, Traffic } from "./traffic.ts";

type Deps = {
  readonly permissions: ReadonlyMap<string, Permission>;
  readonly authenticate: Authenticate;
  readonly clients: ClientAddresses;
  readonly budget: MessageBudget;
  readonly traffic: Traffic;
  readonly listener: Pick<GrpcListener, "trust">;
  /** How long a call that was let in may take to send its message. */
  readonly receiveMs: number;
};

type Headers = { readonly metadata: Metadata; pass(metadata: Metadata): void };

/**
 * Decides on each call by its headers, before a byte of its message is read: who calls, what they may do, whether there is
 * room. The library reads a message only once its headers were passed on.
 */
export function createAdmission(deps: Deps) {
  const { permissions, authenticate, clients, budget, traffic, listener, receiveMs } = deps;
  const admitted = new WeakMap<Metadata, Exchange>();

  /** Throws the refusal. */
  function judge(scope: Scope | null, path: string): Room {
    const permission = permissions.get(path);
    const refusal = permission === undefined ? new AppError("forbidden") : judgementOf(scope, permission);
    if (refusal) throw refusal;
    const room = budget.admit();
    if (room === null) throw noRoom();
    return room;
  }

  /** From the headers of a call to its end; `pass` lets the library read on. */
  function receive(path: string, call: ServerInterceptingCallInterface, { metadata, pass }: Headers) {
    const exchange = traffic.begin(path);
    let timer: NodeJS.Timeout | undefined;
    let room: Room | undefined;
    let isOver = false;
    const refuse = (error: unknown) => call.sendStatus(exchange.refusal(error));

    function letIn(scope: Scope | null) {
      if (isOver) return;
      exchange.scope = scope;
      room = judge(scope, path);
      listener.trust(call.getConnectionInfo());
      timer = setTimeout(() => refuse(tooSlow(receiveMs)), receiveMs).unref();
      admitted.set(metadata, exchange);
      pass(metadata);
    }

    try {
      const peer = call.getConnectionInfo().remoteAddress ?? "";
      const caller = authenticate(credentialsIn(metadata), clients.clientOf(peer, forwardingIn(metadata)));
      if (caller instanceof Promise) caller.then(letIn).catch(refuse);
      else letIn(caller);
    } catch (error) {
      refuse(error);
    }
    return {
      fill: (bytes: number) => room?.fill(bytes),
      endMessage: () => clearTimeout(timer),
      end() {
        isOver = true;
        clearTimeout(timer);
        room?.giveBack();
        exchange.finish();
      },
    };
  }

  const intercept: ServerInterceptor = ({ path }, call) => {
    let received: ReturnType<typeof receive> | undefined;
    const follow: ServerListener = {
      onReceiveMetadata(metadata, pass) {
        received = receive(path, call, { metadata, pass });
      },
      onReceiveMessage(message: Buffer, pass) {
        received?.fill(message.length);
        pass(message);
      },
      onReceiveHalfClose(pass) {
        received?.endMessage();
        pass();
      },
      onCancel: () => received?.end(),
    };
    return new ServerInterceptingCall(call, { start: (next) => next(follow) });
  };

  /** The call whose headers were let in; undefined for any other. */
  return { intercept, exchangeOf: (metadata: Metadata) => admitted.get(metadata) };
}

/** As a proxy writes them that passes gRPC on. */
function forwardingIn(metadata: Metadata): Parameters<ClientAddresses["clientOf"]>[1] {
  const all = (name: string) => metadata.get(name).map(String).join(", ");
  const [forwardedFor, forwarded] = ["x-forwarded-for", "forwarded"].map(all);
  return { ...(forwardedFor && { "x-forwarded-for": forwardedFor }), ...(forwarded && { forwarded }) };
}

/** A key, in the same places as in HTTP. Browser sessions are not supported. */
function credentialsIn(metadata: Metadata): Credentials {
  const only = (name: string) => metadata.get(name)[0]?.toString();
  const [authorization, apiKey, project] = ["authorization", "x-api-key", "x-treadle-project"].map(only);
  return {
    ...(authorization !== undefined && { authorization }),
    ...(apiKey !== undefined && { "x-api-key": apiKey }),
    ...(project !== undefined && { "x-treadle-project": project }),
  };
}

const noRoom = () =>
  new AppError("overloaded", {
    message: "The server is receiving more data than it can process. Nothing was stored. Try again after a short wait.",
    retryAfterSeconds: 1,
  });

/** The one of our codes that gRPC calls DEADLINE_EXCEEDED. */
const tooSlow = (receiveMs: number) =>
  new AppError("provider_timeout", {
    message: `The call did not arrive completely within ${Math.ceil(receiveMs / 1_000)} s. Nothing was stored.`,
  });
