import {
  type Item,
  parseFilter,
  type RecordedTraffic,
  Recording,
  type ReplayTraffic,
  type Span,
} from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { SpanKey, Traces } from "../../../observe/traces/index.ts";
import { listFamily } from "../stores/family-store.ts";
import { buildEpisodes, type Episode } from "./build-episodes.ts";
import { toItem } from "./to-item.ts";

type Deps = { readonly columnar: Pick<Columnar, "select">; readonly traces: Pick<Traces, "picked"> };
export type Collected = { readonly items: readonly Item[]; readonly recorded: RecordedTraffic };

/** Calls of models that experiments, judges and shadows made are no traffic. */
const IS_TRAFFIC = "kind:generation -environment:evaluation -environment:probe -attr.treadle.shadow.id:shdw_*";
const TRACES_AT_ONCE = 100;

/** The calls of a source that are drawn. */
export function pickCalls({ traces }: Pick<Deps, "traces">, scope: Scope, { size, ...source }: ReplayTraffic) {
  const filter = source.filter.trim() === "" ? IS_TRAFFIC : `(${source.filter}) ${IS_TRAFFIC}`;
  const { problems } = parseFilter(filter);
  if (problems[0]) throw new Error(`The filter of the traffic is not valid: ${problems[0].message}`);
  const period = { ...(source.from && { from: source.from }), ...(source.to && { to: source.to }) };
  return traces.picked.pick(scope.projectId, { filter, ...period }, { kind: source.sampling, size, seed: source.seed });
}

/** The recordings of a source as items, and what they contain. Stores nothing. */
export async function collectItems(
  deps: Deps,
  scope: Scope,
  { source, signal }: { readonly source: ReplayTraffic; readonly signal: AbortSignal },
): Promise<Collected> {
  const keys = await pickCalls(deps, scope, source);
  const picked = await readAll(deps, scope, keys);
  const traceIds = [...new Set(picked.map(({ traceId }) => traceId))];
  const family: Span[] = [];
  for (let at = 0; at < traceIds.length; at += TRACES_AT_ONCE) {
    signal.throwIfAborted();
    const some = await listFamily(deps.columnar, scope.projectId, traceIds.slice(at, at + TRACES_AT_ONCE));
    family.push(...(await readAll(deps, scope, some)));
  }
  const { episodes, merged, skipped } = buildEpisodes(picked, family);
  const items = episodes.map((episode) => toItem(episode, source.expected));
  const withoutInputs = episodes.filter((episode, place) => isUnknownPrompt(episode, items[place])).length;
  return { items, recorded: { ...countItems(items), spans: picked.length, merged, skipped, withoutInputs } };
}

async function readAll({ traces }: Deps, { projectId }: Scope, keys: readonly SpanKey[]): Promise<Span[]> {
  const spans: Span[] = [];
  for await (const { span } of traces.picked.read(projectId, keys)) spans.push(span);
  return spans;
}

const isUnknownPrompt = ({ first }: Episode, item: Item | undefined): boolean =>
  first.promptName !== "" && readRecording(item?.metadata.recording).inputs === null;

/** What recorded items contain. */
export function countItems(items: readonly Item[]): RecordedTraffic {
  const recordings = items.map(({ metadata }) => readRecording(metadata.recording));
  const calls = recordings.map(({ steps }) => steps.reduce((sum, step) => sum + step.calls.length, 0));
  return {
    spans: items.length,
    items: items.length,
    merged: 0,
    skipped: 0,
    withTools: calls.filter((count) => count > 0).length,
    toolCalls: calls.reduce((sum, count) => sum + count, 0),
    withInputs: recordings.filter(({ inputs }) => inputs !== null).length,
    withoutInputs: 0,
    timeDependent: items.filter(({ metadata }) => metadata.timeDependent === "yes").length,
    withAnswer: items.filter(({ metadata }) => isRecord(metadata.recordedAnswer)).length,
  };
}

const NO_RECORDING = Recording.parse({});
const readRecording = (value: unknown): Recording => Recording.safeParse(value).data ?? NO_RECORDING;
