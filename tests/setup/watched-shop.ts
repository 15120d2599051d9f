import { createHmac } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import type { Client } from "../../packages/sdk/src/index.ts";
import {
  openReceiver,
  type Received,
} from "../../packages/server/src/modules/system/notifications/testing/receiver.ts";
import { openSmtpReceiver } from "../../packages/server/src/modules/system/notifications/testing/smtp-receiver.ts";
import { createAskAll, type Shop } from "./scripted-shop.ts";
import type { SharedTreadle } from "./shared-treadle.ts";

const MINUTE_MS = 60_000;
/** The age up to which receivers of signed webhooks accept a message. */
const TOLERANCE_SECONDS = 600;

/** The receivers of notifications: a webhook, a webhook of Slack's shape, and a mail server. */
export async function openReceivers() {
  const [webhook, slack, smtp] = await Promise.all([openReceiver(), openReceiver(), openSmtpReceiver()]);
  return {
    webhook,
    slack,
    smtp,
    close: async () => void (await Promise.all([webhook.close(), slack.close(), smtp.close()])),
  };
}
export type Receivers = Awaited<ReturnType<typeof openReceivers>>;

/** A running rollout of a candidate whose model can fail. It rolls back while the monitor is firing. */
export async function startRollout(call: Client["call"], shop: Shop, monitorId: string): Promise<string> {
  await call("POST /api/v1/connections", {
    body: {
      slug: "shop",
      preset: "vllm",
      maxRetries: 0,
      keys: [{ value: "sk-a" }],
      baseUrl: shop.url,
      models: ["fine", "moody"],
    },
  });
  const variants = [
    { name: "old", model: "shop/fine", weight: 1 },
    { name: "new", model: "shop/moody", weight: 0 },
  ];
  const { endpointId } = await call("POST /api/v1/endpoints", { body: { name: "support", variants } });
  const { rolloutId } = await call("POST /api/v1/rollouts", {
    body: {
      endpointId,
      candidate: "new",
      control: "old",
      stages: [{ share: 0.5, minUnits: 100_000, minMinutes: 60 }],
      // Only the monitor can stop this rollout.
      guardrails: [{ metric: { kind: "error" }, margin: 0.5, action: "warn" }],
      monitors: [{ monitorId, action: "rollback" }],
    },
  });
  await call("POST /api/v1/rollouts/:rolloutId/start", { params: { rolloutId } });
  return rolloutId;
}

/** Requests of 40 users again and again, until it is stopped. */
export function startTraffic(treadle: Pick<SharedTreadle, "url" | "apiKey">, endpoint: string): () => Promise<void> {
  const askAll = createAskAll(treadle);
  let isRunning = true;
  const running = (async () => {
    while (isRunning) {
      await askAll(endpoint, 40, 4);
      await wait(1_500);
    }
  })();
  return async () => {
    isRunning = false;
    await running;
  };
}

export const until = (time: number) => wait(Math.max(0, time - Date.now()));
/** The first full minute, at which windows end, that comes after a time. */
export const minuteAfter = (time: number): number => Math.ceil(time / MINUTE_MS) * MINUTE_MS;

/** Checks the signature of a message by the rules of Standard Webhooks. */
export function expectSigned({ headers, body }: Received, secret: string): void {
  const [id, timestamp] = [headers["webhook-id"], headers["webhook-timestamp"]];
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  expect(headers["webhook-signature"]).toBe(`v1,${signature}`);
  expect(Math.abs(Date.now() / 1_000 - Number(timestamp))).toBeLessThan(TOLERANCE_SECONDS);
}
