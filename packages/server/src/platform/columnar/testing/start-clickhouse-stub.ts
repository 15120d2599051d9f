import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Session } from "chdb";
import { messageOf } from "../../../kernel/message-of.ts";

/**
 * A server that speaks as much of ClickHouse's HTTP interface as our client uses, over the embedded engine: one session a
 * request, as the real one has. No real server can be installed everywhere; what it says on the wire is proved against this.
 */
export async function startClickHouseStub(folder: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(folder, request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the stub has no port");
  return {
    url: `http://reader:secret@127.0.0.1:${address.port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function answer(folder: string, request: IncomingMessage, response: ServerResponse) {
  const { searchParams } = new URL(request.url ?? "/", "http://stub");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  if (request.headers.authorization !== `Basic ${Buffer.from("reader:secret").toString("base64")}`) {
    return fail(response, 403, "Code: 516. DB::Exception: reader: Authentication failed. (AUTHENTICATION_FAILED)");
  }
  const sql = [searchParams.get("query"), Buffer.concat(chunks).toString()].filter(Boolean).join("\n");
  const session = new Session(folder);
  try {
    for (const [name, value] of searchParams) {
      if (name.startsWith("param_") || SETTING.test(name)) session.query(`SET ${name} = '${literal(value)}'`);
    }
    const result = await session.queryAsync(sql, { format: "TabSeparated" });
    response
      .writeHead(200, { "content-type": "text/plain", "x-clickhouse-query-id": "stub" })
      .end(Buffer.from(result.bytes()));
  } catch (error) {
    fail(response, 500, messageOf(error));
  } finally {
    session.close();
  }
}

/** Settings that can accompany a statement. */
const SETTING =
  /^(?:async_insert|log_comment|input_format_\w+|max_partitions_per_insert_block|insert_deduplication_token)$/;

/** The inside of a quoted SQL string; the engine's binding cuts a statement at a zero byte. */
const literal = (value: string) => value.replaceAll(/[\\']/g, "\\$&").replaceAll("\0", "\\0");

const fail = (response: ServerResponse, status: number, message: string) =>
  void response.writeHead(status, { "x-clickhouse-exception-code": /\d+/.exec(message)?.[0] ?? "0" }).end(message);
