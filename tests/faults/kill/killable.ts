import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { startTreadle } from "../../setup/start-treadle.ts";

export type Killable = {
  readonly dataFolder: string;
  readonly url: string;
  readonly apiKey: string;
  /** A client of the current process. */
  client(apiKey?: string): Client;
  /** Ends the process with SIGKILL and does not restart it. */
  kill(): Promise<void>;
  /** Starts the server again on the same data. */
  start(): Promise<void>;
  restart(): Promise<void>;
  /** Ends the process and removes its data. */
  close(): Promise<void>;
};

/** The number of kills in a test: TREADLE_KILLS if set, for a long search, otherwise `usual`. */
export const countKills = (usual: number): number => Number(process.env.TREADLE_KILLS ?? usual);

/** Starts a server without the sample project that can be killed and restarted on its data. */
export async function openKillable(): Promise<Killable> {
  const dataFolder = await mkdtemp(join(tmpdir(), "treadle-kill-"));
  const env = { TREADLE_BOOTSTRAP_KEY: `tr_${randomBytes(20).toString("hex")}`, TREADLE_SAMPLE_DATA: "false" };
  const open = () => startTreadle({ dataFolder, env });
  let treadle = await open();
  const kill = () => treadle.stop("SIGKILL");
  const start = async () => {
    treadle = await open();
  };
  return {
    dataFolder,
    get url() {
      return treadle.url;
    },
    apiKey: env.TREADLE_BOOTSTRAP_KEY,
    client: (apiKey = env.TREADLE_BOOTSTRAP_KEY) => createClient({ baseUrl: treadle.url, apiKey }),
    kill,
    start,
    async restart() {
      await kill();
      await start();
    },
    async close() {
      await kill();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
