import type { DriftItem, DriftSide } from "../analysis/drift-item.ts";
import { packVectors } from "../analysis/pack-vectors.ts";
import { hashedVector } from "./topic-texts.ts";

let made = 0;

/** An item with a trace of its own and nothing else. */
export function makeItem(text: string, more: Partial<DriftItem> = {}): DriftItem {
  made++;
  const traceId = made.toString(16).padStart(32, "0");
  return {
    traceId,
    spanId: traceId.slice(16),
    text,
    unit: `t:${traceId}`,
    group: `t:${traceId}`,
    release: "1.0",
    prompt: "",
    model: "gpt-4.1",
    user: "",
    tenant: "",
    language: "en",
    length: text.length,
    fingerprint: text,
    flags: {},
    retrievalScore: null,
    ...more,
  };
}

export const makeSide = (items: readonly DriftItem[], size?: number): DriftSide => ({
  items,
  vectors: packVectors(items.map(({ text }) => hashedVector(text, size))),
});
