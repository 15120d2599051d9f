import type { DriftExample } from "@treadle/contract";
import { inputText, outputText, whereSpans, withLogPayloads } from "../traces/index.ts";
import { createCallStore } from "./stores/call-store.ts";
import type { DriftDeps } from "./stores/deps.ts";
import type { StoredExample } from "./stores/stored-result.ts";
import type { WatchRow } from "./stores/watch-store.ts";

const MOST_SHOWN = 400;

type Place = { readonly watch: WatchRow; readonly from: Date; readonly to: Date };

/** Example texts, read from their traces. The text of a deleted trace is empty. */
export async function readExamples(
  { columnar }: Pick<DriftDeps, "columnar">,
  examples: readonly StoredExample[],
  { watch, from, to }: Place,
): Promise<DriftExample[]> {
  const keys = examples.flatMap(({ traceId, spanId }) => (traceId && spanId ? [{ traceId, spanId }] : []));
  const rows = await createCallStore(columnar, { whereSpans, withLogPayloads }).readTexts(watch.projectId, keys, {
    from,
    to,
  });
  const texts = new Map(
    rows.map(({ traceId, spanId, input, output }) => [
      `${traceId} ${spanId}`,
      watch.side === "inputs" ? inputText(parse(input)) : outputText(parse(output)),
    ]),
  );
  return examples.map((example) => ({
    ...example,
    text: example.text || shorten(texts.get(`${example.traceId} ${example.spanId}`) ?? ""),
  }));
}

const shorten = (text: string) => {
  const line = text.trim().slice(0, MOST_SHOWN).toWellFormed();
  return text.trim().length > MOST_SHOWN ? `${line}…` : line;
};

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
