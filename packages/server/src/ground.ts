import type { Config } from "./config.ts";
import type { Log } from "./kernel/log.ts";
import type { DataFolder } from "./platform/data-folder/lock.ts";
import type { GrpcListener } from "./platform/grpc/listen.ts";
import type { Listener } from "./platform/http/listen.ts";

/** What a server stands on before anything of the product is made. */
export type Ground = {
  readonly config: Config;
  readonly folder: DataFolder;
  readonly listener: Listener;
  /** Null when nothing listens for gRPC. */
  readonly grpcListener: GrpcListener | null;
  readonly log: Log;
  readonly version: string;
  /** Where the built web app lies; null serves the API alone. */
  readonly webFolder: string | null;
};
