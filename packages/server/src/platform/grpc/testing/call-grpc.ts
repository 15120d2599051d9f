import { Client, compressionAlgorithms, credentials, Metadata, status } from "@grpc/grpc-js";

export type GrpcAnswer = {
  /** As the protocol names it: `OK`, `UNAUTHENTICATED`, … */
  readonly code: string;
  readonly details: string;
  readonly bytes: Buffer;
  /** From the status's RetryInfo. Null if it has none. */
  readonly retrySeconds: number | null;
};

/** A gRPC sender over a separate connection. */
export function openGrpcClient(port: number) {
  const plain = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), OPTIONS);
  const zipped = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    ...OPTIONS,
    "grpc.default_compression_algorithm": compressionAlgorithms.gzip,
  });
  return {
    call(path: string, bytes: Buffer, { headers = {}, isZipped = false }: Extra = {}): Promise<GrpcAnswer> {
      const metadata = new Metadata();
      for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
      return new Promise((resolve) => {
        (isZipped ? zipped : plain).makeUnaryRequest(path, asItIs, asItIs, bytes, metadata, (error, answer) => {
          const retryInfo = error?.metadata.get("google.rpc.retryinfo-bin")[0];
          resolve({
            code: status[error?.code ?? status.OK],
            details: error?.details ?? "",
            bytes: answer ?? Buffer.alloc(0),
            retrySeconds: Buffer.isBuffer(retryInfo) ? (retryInfo[3] ?? null) : null,
          });
        });
      });
    },
    close() {
      plain.close();
      zipped.close();
    },
  };
}
export type GrpcClient = ReturnType<typeof openGrpcClient>;
type Extra = { readonly headers?: Readonly<Record<string, string>>; readonly isZipped?: boolean };

/** Each client has its own connection, and what is refused is not tried again behind our back. */
const OPTIONS = { "grpc.use_local_subchannel_pool": 1, "grpc.enable_retries": 0, "grpc.max_send_message_length": -1 };
const asItIs = (bytes: Buffer) => bytes;
