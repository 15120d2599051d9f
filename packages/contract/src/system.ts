import { z } from "zod";
import { Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

export const StoreHealth = z.object({
  name: z.enum(["postgres", "columnar", "objects", "spool", "inference"]),
  engine: z.string(),
  state: z.enum(["starting", "ok", "degraded", "down"]),
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
        "Rows of gateway calls not kept because the spool was at its cap. Ingested rows are refused, never dropped.",
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
    summary: "The process is alive",
    permission: "public",
    response: z.object({ status: z.literal("ok") }),
  },
  "GET /readyz": {
    name: "getReadiness",
    summary: "Whether every store is open; 503 while one is not",
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
