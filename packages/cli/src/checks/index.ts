import type { Check } from "./check.ts";
import { dataFolderAccess, disk } from "./data-folder.ts";
import { columnarEngine, databaseEngine, modelEngine, python, webApp } from "./engines.ts";
import { memory, nodeVersion, openFiles, platform, processor } from "./machine.ts";
import { port, runningServer } from "./server.ts";

/** What `treadle doctor` looks at, in the order it reports. */
export const CHECKS: readonly Check[] = [
  nodeVersion,
  platform,
  processor,
  memory,
  openFiles,
  disk,
  dataFolderAccess,
  databaseEngine,
  columnarEngine,
  modelEngine,
  python,
  webApp,
  port,
  runningServer,
];
