import {
  type AheadFound,
  type AheadText,
  answering,
  type CallFacts,
  type Detectors,
  findAhead,
  type PreparedText,
  type Rule,
} from "@treadle/guards";

/** Texts of one call for the thread that reads them. */
export type ReadOrder = {
  /** The rules as JSON. Rules that other orders had too are the same objects again, whose patterns are compiled already. */
  readonly rules: string;
  readonly texts: readonly AheadText[];
  readonly facts: Pick<CallFacts, "systemPrompt" | "sources" | "keyId">;
};
/** What the rules found in each text. */
export type TextsRead = readonly (readonly AheadFound[])[];

const MOST_POLICIES = 50;

type Reading = { readonly detectors: Detectors; readonly prepare: (text: string) => PreparedText };

/** The work of the thread. */
export function createTextReading({ detectors, prepare }: Reading) {
  const known = new Map<string, readonly Rule[]>();

  function rulesOf(json: string): readonly Rule[] {
    const existing = known.get(json);
    if (existing) return existing;
    if (known.size >= MOST_POLICIES) known.clear();
    const rules: readonly Rule[] = JSON.parse(json);
    known.set(json, rules);
    return rules;
  }

  return ({ rules, texts, facts }: ReadOrder): TextsRead => {
    const policy = { rules: rulesOf(rules) };
    const now = () => performance.now();
    return texts.map(({ text, trust, isAnswer }) =>
      findAhead(text, { detectors, prepare, policy, trust, call: isAnswer ? answering(facts) : facts, now }),
    );
  };
}
