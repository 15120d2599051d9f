import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "../../packages/sdk/src/index.ts";

type Wish = {
  readonly name: string;
  readonly source: string;
  readonly base?: string;
  readonly alias?: string;
  readonly tags?: Record<string, string>;
};

/** Imports a file or folder of this machine into the registry, and waits for its version. */
export async function importModel(call: Client["call"], body: Wish): Promise<void> {
  const { jobId } = await call("POST /api/v1/registry/imports", { body });
  for (let tries = 0; tries < 1_200; tries++) {
    const { status, error } = await call("GET /api/v1/jobs/:jobId", { params: { jobId } });
    if (status === "done") return;
    if (status === "failed" || status === "cancelled") throw new Error(`the import ended: ${error?.message ?? status}`);
    await delay(50);
  }
  throw new Error(`${body.name} was not imported in time`);
}
