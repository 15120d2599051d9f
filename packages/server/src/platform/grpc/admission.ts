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
import { type Authenticate, type Credentials, judgementOf } from "../http/credentials.ts";
import type { GrpcListener } from "./listen.ts";
import type { MessageBudget, Room } from "./message-budget.ts";
import type { Exchange, Traffic } from "./traffic.ts";

type Deps = {
  readonly permissions: ReadonlyMap<string, Permission>;
  readonly authenticate: Authenticate;
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
export function createAdmission({ permissions, authenticate, budget, traffic, listener, receiveMs }: Deps) {
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
      const found = authenticate(credentialsIn(metadata), call.getConnectionInfo().remoteAddress ?? "");
      if (found instanceof Promise) found.then(letIn).catch(refuse);
      else letIn(found);
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

/** A key, wherever HTTP takes one; a browser's session is none here. */
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
    message: "More is being sent than can be read at once. Nothing was kept. Try again after a short wait.",
    retryAfterSeconds: 1,
  });

/** The one of our codes that gRPC calls DEADLINE_EXCEEDED. */
const tooSlow = (receiveMs: number) =>
  new AppError("provider_timeout", {
    message: `The call did not arrive whole within ${Math.ceil(receiveMs / 1_000)} s. Nothing was kept.`,
  });
