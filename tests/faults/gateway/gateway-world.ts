import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "../../../packages/sdk/src/index.ts";
import {
  type ScriptedUpstream,
  startUpstream,
} from "../../../packages/server/src/modules/build/gateway/testing/scripted-upstream.ts";
import { openSharedTreadle } from "../../setup/shared-treadle.ts";

/** Short enough that a test of each timeout is quick. */
const TIMEOUTS = { connectMs: 1_000, firstByteMs: 700, idleMs: 700, totalMs: 10_000 };
const SETTINGS = { preset: "vllm", maxRetries: 0, timeouts: TIMEOUTS };

/** The real server between a caller and two providers that a test controls. `b` is the fallback. */
export async function openWorld() {
  const a = await startUpstream();
  const b = await startUpstream();
  const treadle = await openSharedTreadle();
  const { call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  const connect = (slug: string, { url }: Pick<ScriptedUpstream, "url">, more: object = {}) =>
    call("POST /api/v1/connections", {
      body: { ...SETTINGS, slug, baseUrl: url, keys: [{ value: `sk-of-${slug}-0123456789` }], ...more },
    });
  await connect("a", a);
  await connect("patient", a, { maxRetries: 2 });
  await connect("b", b);
  await call("POST /api/v1/model-prices", {
    body: { provider: "*", model: "gpt-4o*", inputUsdPerMillion: 1_000, outputUsdPerMillion: 1_000 },
  });

  const post = (
    path: string,
    body: object,
    { headers = {}, signal }: { headers?: Record<string, string>; signal?: AbortSignal } = {},
  ) =>
    fetch(`${treadle.url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json", ...headers },
      body: JSON.stringify({ messages: [{ role: "user", content: "Tell me everything." }], ...body }),
      signal,
    });

  return {
    a,
    b,
    call,
    post,
    chat: (body: object, options?: Parameters<typeof post>[2]) => post("/v1/chat/completions", body, options),
    /** The span of a trace, once the spool has delivered it. */
    async spanOf(traceId: string | null) {
      for (let tries = 0; tries < 200; tries++) {
        const { spans } = await call("GET /api/v1/traces/:traceId", { params: { traceId: traceId ?? "" } }).catch(
          () => ({ spans: [] }),
        );
        if (spans[0]) return spans[0];
        await delay(50);
      }
      throw new Error(`no span of ${traceId}`);
    },
    metrics: () =>
      fetch(`${treadle.url}/metrics`, { headers: { authorization: `Bearer ${treadle.apiKey}` } }).then((response) =>
        response.text(),
      ),
    async close() {
      await treadle.stop();
      await a.close();
      await b.close();
    },
  };
}
export type World = Awaited<ReturnType<typeof openWorld>>;
