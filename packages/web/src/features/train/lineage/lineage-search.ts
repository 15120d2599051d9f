/** The address parameters of the lineage page: the object that it starts from. */
export type LineageSearch = {
  trace?: string;
  span?: string;
  model?: string;
  version?: string;
  run?: string;
  dataset?: string;
  at?: string;
  item?: string;
};

/** The object that a lineage starts from. */
export type LineageStart =
  | { kind: "answer"; traceId: string; spanId: string }
  | { kind: "version"; name: string; version: string }
  | { kind: "run"; trainingRunId: string }
  | { kind: "dataset"; datasetId: string; at: string }
  | { kind: "row"; datasetId: string; at: string; itemId: string };

/** The start object of an address; undefined if the address is incomplete. */
export function startOf({ trace, span, model, version, run, dataset, at, item }: LineageSearch) {
  const place = at ?? "main";
  let start: LineageStart | undefined;
  if (trace && span) start = { kind: "answer", traceId: trace, spanId: span };
  else if (model && version) start = { kind: "version", name: model, version };
  else if (run) start = { kind: "run", trainingRunId: run };
  else if (dataset && item) start = { kind: "row", datasetId: dataset, at: place, itemId: item };
  else if (dataset) start = { kind: "dataset", datasetId: dataset, at: place };
  return start;
}
