import { ReplayInput } from "@treadle/contract";
import type { DraftScorer, Problems } from "../../evaluate/experiments/index.ts";
import type { NewSearch } from "./replay-search.ts";

export type DraftCandidate = {
  readonly id: string;
  readonly source: "variant" | "model";
  readonly endpointId: string;
  readonly variant: string;
  readonly model: string;
  readonly promptName: string;
};
export type Draft = {
  readonly name: string;
  readonly source: "traffic" | "dataset";
  readonly filter: string;
  readonly from: string;
  readonly to: string;
  readonly size: number;
  readonly expectsAnswer: boolean;
  readonly datasetId: string;
  readonly version: string;
  readonly candidates: readonly DraftCandidate[];
  readonly scorers: readonly DraftScorer[];
  readonly usd: number | null;
};
export type FormProps = { draft: Draft; change: (next: Partial<Draft>) => void; problems: Problems };
type Read = { input: ReplayInput; problems: Problems } | { input: undefined; problems: Problems };

export const newCandidate = (fields: Partial<DraftCandidate> = {}): DraftCandidate => ({
  id: crypto.randomUUID(),
  source: "variant",
  endpointId: "",
  variant: "",
  model: "",
  promptName: "",
  ...fields,
});

/** The form as a link opens it: with a filter, an endpoint, or the recordings of an earlier replay. */
export const draftFrom = ({ filter, from, to, endpoint, dataset, version }: NewSearch): Draft => ({
  name: "",
  source: dataset ? "dataset" : "traffic",
  filter: filter ?? "",
  from: from ?? "",
  to: to ?? "",
  size: 200,
  expectsAnswer: false,
  datasetId: dataset ?? "",
  version: version ?? "main",
  candidates: [newCandidate({ endpointId: endpoint ?? "" })],
  scorers: [],
  usd: null,
});

/** The draft as a request, validated like on the server. Problems are by the name of their section. */
export function readDraft(draft: Draft): Read {
  const result = ReplayInput.safeParse({
    name: draft.name,
    source: draft.source === "dataset" ? datasetOf(draft) : trafficOf(draft),
    candidates: toCandidates(draft.candidates),
    scorers: draft.scorers.map((one) =>
      "kind" in one ? { kind: one.kind, params: one.params } : { scorer: one.scorer },
    ),
    budget: { usd: draft.usd },
  });
  if (result.success) return { input: result.data, problems: {} };
  return { input: undefined, problems: Object.fromEntries(result.error.issues.map(({ path }) => wordsOf(path))) };
}

const datasetOf = ({ datasetId, version }: Draft) => ({
  kind: "dataset",
  datasetId: datasetId || undefined,
  version,
});

const trafficOf = ({ filter, from, to, size, expectsAnswer }: Draft) => ({
  kind: "traffic",
  filter,
  from: from || undefined,
  to: to || undefined,
  size,
  expected: expectsAnswer ? "answer" : "none",
});

/** Each with its own name, since two runs of one experiment cannot have the same one. */
function toCandidates(candidates: readonly DraftCandidate[]) {
  const names = candidates.map(nameOf);
  return candidates.map((candidate, place) => {
    const earlier = names.slice(0, place).filter((name) => name === names[place]).length;
    return toCandidate(candidate, earlier === 0 ? (names[place] ?? "") : `${names[place]} (${earlier + 1})`);
  });
}

const nameOf = ({ source, variant, model, promptName }: DraftCandidate): string =>
  source === "variant" ? variant : [model.trim(), promptName].filter(Boolean).join(", ").slice(0, 100);

function toCandidate({ source, endpointId, variant, model, promptName }: DraftCandidate, name: string) {
  if (source === "variant")
    return { kind: "variant", endpointId: endpointId || undefined, variant, name: name || undefined };
  return { kind: "model", name, model: model.trim() || null, prompt: promptName ? { name: promptName } : null };
}

const SENTENCES: Readonly<Record<string, string>> = {
  name: "Enter a name of at most 120 characters.",
  source: "Choose a dataset, or correct the filter, the time range and the size of 1 to 5,000 calls.",
  candidates: "Choose a variant, or a model or prompt, for each candidate.",
  scorers: "Correct the scorers.",
  budget: "Enter a budget above 0, or leave it empty.",
};

function wordsOf([section]: readonly PropertyKey[]): [string, string] {
  const name = String(section);
  return [name, SENTENCES[name] ?? "Correct this field."];
}
