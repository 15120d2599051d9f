import { once } from "node:events";
import { connect } from "node:http2";
import type { Running } from "../gateway/gateway-processes.ts";
import type { Sender } from "./otlp-load.ts";
import { freshenIds, makeRequest, placesOfIds } from "./otlp-spans.ts";

const PREFIX_BYTES = 5;

/** A connection that sends spans over gRPC, by Node's own HTTP/2 so that little of the time is the sender's. */
export async function openGrpc(
  { headers }: Running,
  { port, batch }: { port: number; batch: number },
): Promise<Sender> {
  const session = connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: 1024 * 1024 } });
  await once(session, "connect");
  const body = makeRequest(batch);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(body.length, 1);
  const message = Buffer.concat([prefix, body]);
  const ids = placesOfIds(body).map((place) => place + PREFIX_BYTES);
  return {
    send() {
      freshenIds(message, ids);
      const call = session.request({
        ":method": "POST",
        ":path": "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        "content-type": "application/grpc",
        te: "trailers",
        ...headers,
      });
      return new Promise((resolve, reject) => {
        const read = (answered: Record<string, unknown>) => {
          if (answered["grpc-status"] !== undefined) resolve(Number(answered["grpc-status"]) === 0);
        };
        call.on("response", read);
        call.on("trailers", read);
        call.on("error", reject);
        call.resume();
        call.end(message);
      });
    },
    close: () => session.destroy(),
  };
}
