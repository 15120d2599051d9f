import {
  type ChangeAnswer,
  type Item,
  MAIN_BRANCH,
  type Sampling,
  type SpanMapping,
  type SpanSelection,
  type TraceItemsInput,
  type TraceItemsPreviewInput,
} from "@treadle/contract";
import { countOf } from "../../../../kernel/count-of.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { SpanKey, SpanPick, Traces } from "../../../observe/traces/index.ts";
import type { Places } from "../drafts/resolve-ref.ts";
import type { ItemEdits } from "../items/edit-items.ts";
import { mapSpan } from "./map-span.ts";
import { takeDiverse } from "./take-diverse.ts";

type Deps = {
  readonly traces: Pick<Traces, "picked">;
  readonly places: Pick<Places, "branchOf">;
  readonly edits: Pick<ItemEdits, "addItems">;
  /** One vector for each text. */
  readonly embed: (texts: readonly string[], signal: AbortSignal) => Promise<readonly (readonly number[])[]>;
};

const SHOWN = 10;
/** So many spans are compared to find those that differ most. */
const MOST_COMPARED = 2_000;
const LONGEST_TEXT = 2_000;
const EMBED_MS = 120_000;

/** Items out of spans: by a filter or one by one, with a mapping of their fields and a sample of those that match. */
export function createTraceItems({ traces: { picked }, places, edits, embed }: Deps) {
  async function* readItems(scope: Scope, keys: readonly SpanKey[], mapping: SpanMapping) {
    for await (const judged of picked.read(scope.projectId, keys)) yield mapSpan(judged, mapping);
  }

  async function choose(scope: Scope, select: SpanSelection, sampling: Sampling): Promise<readonly SpanKey[]> {
    if ("spans" in select) return select.spans;
    if (sampling.kind === "diverse") return chooseDiverse(scope, select, sampling);
    return picked.pick(scope.projectId, select, pickOf(sampling));
  }

  async function chooseDiverse(
    scope: Scope,
    select: Exclude<SpanSelection, { spans: unknown }>,
    { size, seed }: Sampling,
  ) {
    const keys = await picked.pick(scope.projectId, select, { kind: "random", size: MOST_COMPARED, seed });
    const texts: string[] = [];
    const mapping = { inputs: { text: "input.text" }, expected: null, metadata: {}, split: null };
    for await (const item of readItems(scope, keys, mapping))
      texts.push(String(item?.inputs.text ?? "").slice(0, LONGEST_TEXT));
    const places = takeDiverse(await embed(texts, AbortSignal.timeout(EMBED_MS)), size);
    return places.flatMap((place) => keys[place] ?? []);
  }

  return {
    async preview(scope: Scope, datasetId: string, { select, mapping, sampling }: TraceItemsPreviewInput) {
      await places.branchOf(scope, datasetId, MAIN_BRANCH);
      const isOneByOne = "spans" in select;
      // Counts first, so that the count includes no span that arrived after the selection.
      const counted = isOneByOne ? select.spans.length : await picked.count(scope.projectId, select);
      const few = { ...sampling, kind: sampling.kind === "diverse" ? ("random" as const) : sampling.kind };
      const keys = (await choose(scope, select, { ...few, size: Math.min(sampling.size, SHOWN) })).slice(0, SHOWN);
      const items: Item[] = [];
      let skipped = 0;
      for await (const item of readItems(scope, keys, mapping)) {
        if (item) items.push(item);
        else skipped += 1;
      }
      return { matching: Math.max(counted, keys.length), items, skipped };
    },

    /** Puts the items into the draft; a span that is there already takes its item's place. */
    async add(
      scope: Scope,
      datasetId: string,
      { select, mapping, sampling, branch }: TraceItemsInput,
    ): Promise<ChangeAnswer> {
      const keys = await choose(scope, select, sampling);
      const items: Item[] = [];
      for await (const item of readItems(scope, keys, mapping)) if (item) items.push(item);
      if (items.length === 0) throw nothingFound(keys.length);
      const summary = `Added ${countOf(items.length, "item")} from traces`;
      const recipe = "filter" in select ? { select, mapping, sampling } : { mapping };
      return edits.addItems(scope, { datasetId, branch }, { items, step: { kind: "traces", summary, recipe } });
    },
  };
}
export type TraceItems = ReturnType<typeof createTraceItems>;

function pickOf({ kind, size, seed, by, score }: Sampling): SpanPick {
  if (kind === "stratified") {
    if (by === undefined) throw lacks("by", "stratified sampling needs a field to group the spans by, such as `model`");
    return { kind, size, seed, by };
  }
  if (kind === "hardest") {
    if (score === undefined) throw lacks("score", "hardest-first sampling needs the name of a score");
    return { kind, size, score };
  }
  return { kind: kind === "newest" ? "newest" : "random", size, seed };
}

const lacks = (field: string, why: string) =>
  new AppError("invalid_request", {
    message: `\`sampling.${field}\`: ${why}.`,
    details: { field: `sampling.${field}` },
  });

const nothingFound = (spans: number) =>
  new AppError("unprocessable", {
    message:
      spans === 0
        ? "No span matches. Widen the filter or the time range."
        : `None of the ${countOf(spans, "span")} has the fields that the mapping uses as inputs. Check the preview and change the mapping.`,
  });
