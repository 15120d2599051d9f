import type { IncomingMessage, ServerResponse } from "node:http";

export type Dispatch = (request: IncomingMessage, response: ServerResponse) => void;
/** A store's progress while it opens, which `/readyz` reports before the server is ready. */
export type StoreState = { readonly name: string; readonly state: string; readonly message: string };

const MAX_HELD = 1_000;
const HELD_MS = 30_000;

function answer(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, {
    "content-type": "application/json",
    "cache-control": "no-store",
    ...(status === 503 && { "retry-after": "2" }),
  });
  response.end(JSON.stringify(body));
}

const refuse = (response: ServerResponse) =>
  answer(response, 503, {
    error: {
      code: "unavailable",
      message: "Treadle is still starting. Try again shortly; /readyz reports what is still opening.",
    },
  });

/** Holds requests that arrive while the stores open, so that a caller waits a moment instead of being rejected. */
export function createHold(limits: { maxHeld?: number; heldMs?: number } = {}) {
  const { maxHeld = MAX_HELD, heldMs = HELD_MS } = limits;
  const requests = new Map<ServerResponse, { request: IncomingMessage; timer: NodeJS.Timeout }>();
  let stores: () => readonly StoreState[] = () => [];

  const release = (response: ServerResponse) => {
    clearTimeout(requests.get(response)?.timer);
    requests.delete(response);
  };

  function hold(request: IncomingMessage, response: ServerResponse) {
    if (requests.size >= maxHeld) return refuse(response);
    const timer = setTimeout(() => {
      release(response);
      refuse(response);
    }, heldMs);
    requests.set(response, { request, timer: timer.unref() });
    response.once("close", () => release(response));
  }

  return {
    setStores(next: () => readonly StoreState[]) {
      stores = next;
    },
    dispatch(request: IncomingMessage, response: ServerResponse) {
      const path = request.url?.split("?", 1)[0];
      if (path === "/healthz") return answer(response, 200, { status: "ok" });
      if (path === "/readyz") return answer(response, 503, { isReady: false, stores: stores() });
      return hold(request, response);
    },
    /** Gives every request that still waits to `to`, in the order they came. */
    releaseAll(to: Dispatch = (_request, response) => refuse(response)) {
      for (const [response, { request }] of [...requests]) {
        release(response);
        to(request, response);
      }
    },
  };
}
