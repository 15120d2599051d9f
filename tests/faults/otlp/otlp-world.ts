import { readFileSync } from "node:fs";
import { createClient } from "../../../packages/sdk/src/index.ts";
import type { JsonSpan } from "../../../packages/server/src/modules/observe/traces/otlp/testing/otlp-json.ts";
import { jsonTraces } from "../../../packages/server/src/modules/observe/traces/otlp/testing/otlp-json.ts";
import { tracesToProtobuf } from "../../../packages/server/src/modules/observe/traces/otlp/testing/to-protobuf.ts";
import { startTreadle } from "../../setup/start-treadle.ts";

export const PROTOBUF = "application/x-protobuf";
export const JSON_TYPE = "application/json";
export const MIB = 1024 * 1024;

type Body = Buffer | string | object;
const bytesOf = (body: Body): string | Uint8Array<ArrayBuffer> => {
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
};

/** The real server, and the requests of an OTLP sender. */
export async function openOtlpWorld(env: Readonly<Record<string, string>> = {}) {
  const treadle = await startTreadle({ env: { TREADLE_SAMPLE_DATA: "false", ...env } });
  const { call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });

  async function post(body: Body, { path = "/v1/traces", type = PROTOBUF, headers = {} } = {}) {
    const response = await fetch(treadle.url + path, {
      method: "POST",
      body: bytesOf(body),
      headers: { "content-type": type, authorization: `Bearer ${treadle.apiKey}`, ...headers },
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, bytes, text: bytes.toString() };
  }

  return {
    ...treadle,
    call,
    get: (path: string) => fetch(treadle.url + path, { headers: { authorization: `Bearer ${treadle.apiKey}` } }),
    post,
    sendSpans: (spans: readonly JsonSpan[], isProtobuf = true) =>
      isProtobuf ? post(tracesToProtobuf(jsonTraces(spans))) : post(jsonTraces(spans), { type: JSON_TYPE }),
    /** The spans of a trace, once there are `count` of them. */
    async trace(traceId: string, count = 1) {
      for (;;) {
        const spans = await call("GET /api/v1/traces/:traceId", { params: { traceId } })
          .then(({ spans }) => spans)
          .catch(() => []);
        if (spans.length >= count) return spans;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    /** The peak memory of the server, in MiB. */
    peakMib: () => Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${treadle.pid}/status`, "utf8"))?.[1]) / 1_024,
    /** The value of an OTLP metric, by its line. */
    async metric(line: string) {
      const text = await fetch(`${treadle.url}/metrics`).then((response) => response.text());
      return Number(
        text
          .split("\n")
          .find((found) => found.startsWith(`${line} `))
          ?.slice(line.length),
      );
    },
  };
}
export type OtlpWorld = Awaited<ReturnType<typeof openOtlpWorld>>;
