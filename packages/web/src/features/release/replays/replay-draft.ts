import { ReplayInput } from "@treadle/contract";
import type { DraftScorer, Problems } from "../../evaluate/experiments/index.ts";

export type DraftCandidate = {
  readonly id: string;
  readonly source: "variant" | "model";
  readonly endpointId: string;
  readonly variant: string;
  readonly name: string;
  readonly model: string;
  readonly promptName: string;
};
export type Draft = {
  readonly name: string;
  readonly filter: string;
  readonly from: string;
  readonly to: string;
  readonly size: number;
  readonly expectsAnswer: boolean;
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
  name: "",
  model: "",
  promptName: "",
  ...fields,
});

/** The draft as a request, validated like on the server. Problems are by the name of their section. */
export function readDraft(draft: Draft): Read {
  const result = ReplayInput.safeParse({
    name: draft.name,
    source: {
      kind: "traffic",
      filter: draft.filter,
      ...(draft.from && { from: draft.from }),
      ...(draft.to && { to: draft.to }),
      size: draft.size,
      expected: draft.expectsAnswer ? "answer" : "none",
    },
    candidates: draft.candidates.map(toCandidate),
    scorers: draft.scorers.map((one) =>
      "kind" in one ? { kind: one.kind, params: one.params } : { scorer: one.scorer },
    ),
    budget: { usd: draft.usd },
  });
  if (result.success) return { input: result.data, problems: {} };
  return { input: undefined, problems: Object.fromEntries(result.error.issues.map(({ path }) => wordsOf(path))) };
}

function toCandidate({ source, endpointId, variant, name, model, promptName }: DraftCandidate) {
  if (source === "variant") return { kind: "variant", endpointId: endpointId || undefined, variant };
  return {
    kind: "model",
    name: name.trim() || model || promptName,
    model: model.trim() || null,
    prompt: promptName ? { name: promptName } : null,
  };
}

const SENTENCES: Readonly<Record<string, string>> = {
  name: "Enter a name of at most 120 characters.",
  source: "Correct the filter, or choose a size of 1 to 5,000 calls.",
  candidates: "Choose a variant, or a model or prompt, for each candidate.",
  scorers: "Correct the scorers.",
  budget: "Enter a budget above 0, or leave it empty.",
};

function wordsOf([section]: readonly PropertyKey[]): [string, string] {
  const name = String(section);
  return [name, SENTENCES[name] ?? "Correct this field."];
}
