import type { Config } from "./config.ts";
import type { Log } from "./kernel/log.ts";
import type { OpeningProgress } from "./opening-progress.ts";
import type { DataFolder } from "./platform/data-folder/lock.ts";
import type { GrpcListener } from "./platform/grpc/listen.ts";
import type { Listener } from "./platform/http/listen/listen.ts";
import type { LineOutput } from "./platform/log/line-output.ts";

/** The infrastructure of a server, opened before any module. */
export type ServerBootstrap = {
  readonly config: Config;
  readonly folder: DataFolder;
  readonly listener: Listener;
  /** Null when nothing listens for gRPC. */
  readonly grpcListener: GrpcListener | null;
  readonly log: Log;
  readonly logOutput: Pick<LineOutput, "droppedLines">;
  readonly version: string;
  readonly opening: Pick<OpeningProgress, "track">;
  /**
   * Called when the server cannot continue, for example because another server has taken the PostgreSQL database. The
   * process must then end.
   */
  readonly onFatal: (error: unknown) => void;
  /** Where the built web app lies; null serves the API alone. */
  readonly webFolder: string | null;
};
