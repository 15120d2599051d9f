import { randomBytes } from "node:crypto";
import { createClient } from "@treadle/sdk";
import { vi } from "vitest";
import type { RunningTreadle } from "../../setup/start-treadle.ts";

const DAY_MS = 86_400_000;
const SHOP = "order parcel refund card payment delivery shoes invoice lamp return".split(" ");
const NEW = "sourdough flour yeast oven pizza dough bread rise knead bake".split(" ");
const ENDPOINT = "support";

/** The start of a day in UTC, such as `2026-01-31`. */
export const dayAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/**
 * Records 40 questions of a shop on each of the days 5 to 3 ago. The 2 days after have 80, and 30 questions of a new customer. Few texts
 * are different, and equal texts are embedded once.
 */
export async function furnishDriftingTexts({ url, apiKey }: Pick<RunningTreadle, "url" | "apiKey">): Promise<void> {
  const { call } = createClient({ baseUrl: url, apiKey });
  const spans = [5, 4, 3, 2, 1].flatMap((days) => [
    ...Array.from({ length: days < 3 ? 80 : 40 }, (_, at) => question(SHOP, { days, at, customer: "shop" })),
    ...Array.from({ length: days < 3 ? 30 : 0 }, (_, at) => question(NEW, { days, at, customer: "bakery" })),
  ]);
  for (let from = 0; from < spans.length; from += 100)
    await call("POST /api/v1/spans", { body: { spans: spans.slice(from, from + 100) } });
  await vi.waitFor(
    async () => {
      const { items } = await call("GET /api/v1/spans", { query: { filter: `endpoint:${ENDPOINT}`, limit: 200 } });
      if (items.length < 200) throw new Error(`${items.length} spans can be read`);
    },
    { timeout: 60_000, interval: 200 },
  );
}

type Place = { readonly days: number; readonly at: number; readonly customer: string };

function question(words: readonly string[], { days, at, customer }: Place) {
  const pick = (step: number) => words[(at * step + days) % words.length];
  const content = `Question about my ${pick(1)} and the ${pick(3)} with ${pick(7)}?`;
  return {
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    durationMs: 5,
    name: "chat",
    kind: "generation" as const,
    endpoint: ENDPOINT,
    userId: `${customer}-${at % 12}`,
    metadata: { tenant: customer },
    startTime: `${dayAgo(days)}T0${at % 10}:00:00.000Z`,
    input: [{ role: "user", parts: [{ type: "text", content }] }],
    output: [{ role: "assistant", parts: [{ type: "text", content: "Let me look that up for you." }] }],
  };
}
