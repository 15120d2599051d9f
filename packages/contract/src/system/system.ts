import { z } from "zod";
import { Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";

export const StoreHealth = z.object({
  name: z.enum(["postgres", "columnar", "objects", "spool", "inference", "disk"]),
  engine: z.string(),
  state: z
    .enum(["starting", "ok", "degraded", "down", "full", "damaged"])
    .describe(
      "`degraded` recovers by itself, and the server stays ready. `full` and `damaged` need a person: the message says what to do.",
    ),
  message: z.string(),
  sizeBytes: z.number().nullable(),
});
export type StoreHealth = z.infer<typeof StoreHealth>;

export const SystemReport = z.object({
  version: z.string(),
  startedAt: Timestamp,
  node: z.string(),
  dataFolder: z.string(),
  stores: z.array(StoreHealth),
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number() }),
  memory: z.object({ residentBytes: z.number(), totalBytes: z.number() }),
  spool: z.object({
    pendingRows: z.number(),
    pendingBytes: z.number(),
    capBytes: z.number(),
    oldestPendingSeconds: z.number().nullable(),
    droppedRows: z
      .number()
      .describe(
        "Rows of gateway calls that were dropped because the spool was full. Ingested rows are rejected, never dropped.",
      ),
    undeliverableRows: z.number(),
  }),
});
export type SystemReport = z.infer<typeof SystemReport>;

const Readiness = z.object({
  isReady: z.boolean(),
  stores: z.array(StoreHealth.pick({ name: true, state: true, message: true })),
});

export const systemApi = defineApi({
  "GET /healthz": {
    name: "getHealth",
    summary: "Whether the process is alive",
    permission: "public",
    response: z.object({ status: z.literal("ok") }),
  },
  "GET /readyz": {
    name: "getReadiness",
    summary: "Whether every store is open, undamaged and has space; 503 otherwise",
    permission: "public",
    response: Readiness,
  },
  "GET /api/v1/system": {
    name: "getSystemReport",
    summary: "Version, stores, disk, memory and the spool",
    permission: "system:read",
    response: SystemReport,
  },
});
