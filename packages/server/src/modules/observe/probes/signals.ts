import type { ModelSignal } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import { cutPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { ProbeDeps } from "./stores/deps.ts";
import { createSignalStore, type SignalRow, type TokenRow } from "./stores/signal-store.ts";

type Query = {
  readonly connection?: string | undefined;
  readonly model?: string | undefined;
  readonly days: number;
  readonly limit: number;
  readonly cursor?: string | undefined;
};

/** A change of the tokens of the same text by this share means another tokenizer. */
const TOKEN_SHARE = 0.005;
/** A change of the speed is shown from this ratio on, because the speed depends on the load. */
const SPEED_RATIO = 1.5;

/** What ordinary traffic shows about models by day, without calls of a probe. */
export function createSignals({ columnar, clock }: Pick<ProbeDeps, "columnar" | "clock">) {
  const store = createSignalStore(columnar);
  return async ({ projectId }: Scope, { connection = "", model = "", days, limit, cursor }: Query) => {
    const from = new Date((Math.floor(clock.now() / DAY_MS) - days + 1) * DAY_MS);
    const query = { from, connection, model };
    const [rows, repeated] = await Promise.all([
      store.listDays(projectId, query),
      store.listRepeated(projectId, query),
    ]);
    return cutPage(toSignals(rows, repeated), { limit, cursor }, (one) => [`${one.connection}/${one.model}`, one.day]);
  };
}

const keyOf = ({ connection, model }: Pick<SignalRow, "connection" | "model">) => JSON.stringify([connection, model]);

/** The days of each model with what differs from the day before. */
export function toSignals(rows: readonly SignalRow[], repeated: readonly TokenRow[]): ModelSignal[] {
  const texts = Map.groupBy(repeated, keyOf);
  return [...Map.groupBy(rows, keyOf)].flatMap(([key, days]) => {
    const ratios = ratiosOf(texts.get(key) ?? []);
    const signals: ModelSignal[] = [];
    for (const row of days) {
      const signal = { ...toSignal(row), tokenRatio: ratios.get(row.day) ?? null };
      signals.push({ ...signal, changes: changesOf(signals.at(-1), signal) });
    }
    return signals;
  });
}

const toSignal = (row: SignalRow): Omit<ModelSignal, "tokenRatio" | "changes"> => ({
  day: row.day,
  connection: row.connection,
  model: row.model,
  calls: row.calls,
  responseModels: row.response_models,
  fingerprints: row.fingerprints,
  tokensPerSecond: row.speed,
});

/** The median ratio of the tokens of each text to its first day, by day. */
function ratiosOf(rows: readonly TokenRow[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const { text, tokens } of rows) if (!first.has(text)) first.set(text, tokens);
  return new Map(
    [...Map.groupBy(rows, ({ day }) => day)].map(([day, texts]) => [
      day,
      medianOf(texts.map(({ text, tokens }) => tokens / (first.get(text) ?? tokens))),
    ]),
  );
}

const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 1;

function changesOf(before: ModelSignal | undefined, now: Omit<ModelSignal, "changes">): ModelSignal["changes"] {
  if (!before) return [];
  const isOther = (one: readonly string[], other: readonly string[]) =>
    one.length > 0 && other.length > 0 && other.some((value) => !one.includes(value));
  const ratio = (now.tokensPerSecond ?? 0) / (before.tokensPerSecond ?? 0);
  const isFaster = Number.isFinite(ratio) && ratio > 0 && (ratio >= SPEED_RATIO || ratio <= 1 / SPEED_RATIO);
  const tokens = now.tokenRatio !== null && before.tokenRatio !== null ? now.tokenRatio / before.tokenRatio - 1 : 0;
  return [
    ...(isOther(before.responseModels, now.responseModels) ? ["model" as const] : []),
    ...(isOther(before.fingerprints, now.fingerprints) ? ["fingerprint" as const] : []),
    ...(Math.abs(tokens) > TOKEN_SHARE ? ["tokens" as const] : []),
    ...(isFaster ? ["speed" as const] : []),
  ];
}
