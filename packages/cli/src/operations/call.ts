import type { Client } from "@treadle/sdk";
import { columnsOf, type Format, type FormatFlags } from "../output/format.ts";
import type { Sink } from "../output/sink.ts";
import type { ServerFlags } from "../shared/connect.ts";
import type { Io } from "../shared/io.ts";
import type { OperationRequest, Options } from "./assemble-request.ts";
import type { Operation } from "./operation.ts";

/** What a command line gives. */
export type Given = {
  readonly args: readonly string[];
  readonly options: Options & ServerFlags & FormatFlags;
  readonly rowOf?: (row: unknown) => unknown;
  readonly rowsOf?: (response: unknown) => readonly unknown[];
};
/** An operation that is being called. */
export type Call = {
  readonly client: Client;
  readonly operation: Operation;
  readonly options: Given["options"];
  readonly request: OperationRequest;
  readonly sink: Sink;
  readonly format: Format;
  readonly io: Io;
  readonly rowOf?: Given["rowOf"];
  readonly rowsOf?: Given["rowsOf"];
};

/** Sends a request whose path is already complete. */
export const send = (client: Client, { method, path, ...sent }: OperationRequest): Promise<Response> =>
  client.request(method, path, sent);

/** How an object or a row is shown. */
export const viewOf = ({ options, format, operation, io }: Call) => ({
  format,
  columns: columnsOf(options),
  id: operation.id,
  width: options.output === undefined && io.stdout.isTTY ? io.stdout.columns : undefined,
});
