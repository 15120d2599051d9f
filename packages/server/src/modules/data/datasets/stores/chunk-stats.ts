import { type DatasetStats, FieldType, type Item, SOURCE_KINDS } from "@treadle/contract";
import { z } from "zod";

const Counts = z.record(z.string(), z.number());
type Counts = Record<string, number>;

/** The counts of a chunk's rows. A null split is counted under the empty name. */
export const ChunkStats = z.object({
  splits: Counts,
  sources: Counts,
  /** By field and type. */
  fields: z.record(z.string(), Counts),
  /** Null if the expected answers are not labels. */
  labels: Counts.nullable(),
});
export type ChunkStats = z.infer<typeof ChunkStats>;

const MOST_FIELDS = 200;
const MOST_LABELS = 200;
const LONGEST_LABEL = 60;

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

const count = (counts: Map<string, number>, key: string, by = 1) => counts.set(key, (counts.get(key) ?? 0) + by);
type FieldCounts = Map<string, Map<string, number>>;

type Sight = { readonly field: string; readonly type: string; readonly by?: number };

function countField(fields: FieldCounts, { field, type, by = 1 }: Sight): void {
  let types = fields.get(field);
  if (!types) {
    if (fields.size >= MOST_FIELDS) return;
    types = new Map();
    fields.set(field, types);
  }
  count(types, type, by);
}

/** Null as soon as an expected answer is not a label, or there are too many. */
function countLabel(labels: Map<string, number> | null, expected: unknown): Map<string, number> | null {
  if (labels === null || expected === null) return labels;
  const isLabel = (typeof expected === "string" && expected.length <= LONGEST_LABEL) || typeof expected === "boolean";
  if (!isLabel) return null;
  count(labels, String(expected));
  return labels.size > MOST_LABELS ? null : labels;
}

const SECTIONS = ["inputs", "metadata"] as const;

/** Null when one of the two is, or there are too many of them. */
function joinLabels(labels: Map<string, number> | null, more: Counts | null): Map<string, number> | null {
  if (labels === null || more === null) return null;
  for (const [label, rows] of Object.entries(more)) count(labels, label, rows);
  return labels.size > MOST_LABELS ? null : labels;
}

/** Fields of a section by their keys, as `stats` names them. */
function countSection(fields: FieldCounts, section: string, counted: ChunkStats["fields"]): void {
  for (const [name, types] of Object.entries(counted))
    if (name.startsWith(section))
      for (const [type, by] of Object.entries(types))
        countField(fields, { field: name.slice(section.length), type, by });
}

/** Counts the rows of one chunk. */
export function createRowCounter() {
  const [splits, sources] = [new Map<string, number>(), new Map<string, number>()];
  const fields = { inputs: new Map(), metadata: new Map() } satisfies Record<string, FieldCounts>;
  const answers = new Map<string, number>();
  let labels: Map<string, number> | null = new Map();
  return {
    count(item: Item): void {
      const { expected } = item;
      count(splits, item.split ?? "");
      count(sources, item.source.kind);
      for (const section of SECTIONS) {
        const [values, counts] = [item[section], fields[section]];
        for (const key in values) countField(counts, { field: key, type: typeOf(values[key]) });
      }
      if (expected !== null) count(answers, typeOf(expected));
      labels = countLabel(labels, expected);
    },
    /** The counts that another process computed. */
    countAll(counted: ChunkStats): void {
      for (const [split, rows] of Object.entries(counted.splits)) count(splits, split, rows);
      for (const [kind, rows] of Object.entries(counted.sources)) count(sources, kind, rows);
      for (const section of SECTIONS) countSection(fields[section], `${section}.`, counted.fields);
      for (const [type, rows] of Object.entries(counted.fields.expected ?? {})) count(answers, type, rows);
      labels = joinLabels(labels, counted.labels);
    },
    stats: (): ChunkStats => ({
      splits: Object.fromEntries(splits),
      sources: Object.fromEntries(sources),
      fields: Object.fromEntries([
        ...[...fields.inputs].map(([key, types]) => [`inputs.${key}`, Object.fromEntries(types)]),
        ...(answers.size > 0 ? [["expected", Object.fromEntries(answers)]] : []),
        ...[...fields.metadata].map(([key, types]) => [`metadata.${key}`, Object.fromEntries(types)]),
      ]),
      labels: labels && Object.fromEntries(labels),
    }),
  };
}

const byRows = (a: readonly [string, number], b: readonly [string, number]) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1);

function sum(all: readonly Counts[]): [string, number][] {
  const total = new Map<string, number>();
  for (const counts of all) for (const [key, rows] of Object.entries(counts)) count(total, key, rows);
  return [...total].sort(byRows);
}

/** The counts of a whole dataset, from its chunks. */
export function mergeStats(
  chunks: readonly ChunkStats[],
  { rows, bytes }: { rows: number; bytes: number },
): DatasetStats {
  const fields: FieldCounts = new Map();
  for (const chunk of chunks)
    for (const [field, types] of Object.entries(chunk.fields))
      for (const [type, by] of Object.entries(types)) countField(fields, { field, type, by });
  const labelCounts = chunks.map(({ labels }) => labels);
  const labels = labelCounts.every((counts) => counts !== null) ? sum(labelCounts) : null;
  return {
    rows,
    bytes,
    splits: sum(chunks.map(({ splits }) => splits)).map(([split, n]) => ({
      split: split === "" ? null : split,
      rows: n,
    })),
    sources: SOURCE_KINDS.flatMap((kind) => {
      const n = chunks.reduce((total, { sources }) => total + (sources[kind] ?? 0), 0);
      return n > 0 ? [{ kind, rows: n }] : [];
    }),
    fields: [...fields].map(([field, types]) => ({
      field,
      type: typeOfAll(types),
      rows: [...types.values()].reduce((a, b) => a + b, 0),
    })),
    labels:
      labels && labels.length > 0 && labels.length <= MOST_LABELS
        ? labels.map(([label, n]) => ({ label, rows: n }))
        : null,
  };
}

/** The single type of a field's values, apart from null. */
function typeOfAll(types: ReadonlyMap<string, number>): z.infer<typeof FieldType> {
  const some = [...types.keys()].filter((type) => type !== "null");
  return FieldType.catch("mixed").parse(some.length > 1 ? "mixed" : (some[0] ?? "null"));
}
