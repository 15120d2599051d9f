import type { CurationOutcome, CurationSample, Item } from "@treadle/contract";
import { mapRecord, mapStrings } from "../items/item-edit.ts";
import { createTally, type Tally } from "../items/tally.ts";
import type { Verdict } from "../step/step.ts";

/** A step that reports more rules than this counts the rest together. */
const MOST_RULES = 200;
const MOST_HISTOGRAMS = 40;
const OTHERS = "others";
/** More of each text of a sample is not shown. */
const SHOWN_CHARACTERS = 2_000;

type Count = { removed: number; edited: number; samples: number };

/** Counts the verdicts of a step, and collects samples of removed or edited items for each rule. */
export function createOutcome(stepId: string, mostSamples: number) {
  const rules = new Map<string, Count>();
  const tallies = new Map<string, { tally: Tally; threshold: number | null }>();
  const samples: CurationSample[] = [];
  const spare: CurationSample[] = [];
  const perRule = Math.ceil(mostSamples / 4);
  const notes: string[] = [];
  let [rows, removed, edited] = [0, 0, 0];

  function countOf(name: string): Count {
    const known = rules.get(name);
    if (known) return known;
    const key = rules.size < MOST_RULES ? name : OTHERS;
    const count = rules.get(key) ?? { removed: 0, edited: 0, samples: 0 };
    rules.set(key, count);
    return count;
  }

  function measure(name: string, value: number, threshold: number | null) {
    const known = tallies.get(name) ?? { tally: createTally(), threshold: null };
    if (!tallies.has(name) && tallies.size >= MOST_HISTOGRAMS) return;
    known.tally.add(value);
    known.threshold = threshold ?? known.threshold;
    tallies.set(name, known);
  }

  return {
    add(verdict: Verdict): void {
      const { rule = stepId, value, threshold, measures } = verdict;
      rows++;
      for (const [name, measured] of Object.entries(measures ?? {}))
        measure(name, measured, name === rule || measures?.[rule] === undefined ? threshold : null);
      if (value !== null && !measures) measure(rule, value, threshold);
      if (verdict.keep && !verdict.edited) return;
      const count = countOf(rule);
      if (verdict.keep) [count.edited, edited] = [count.edited + 1, edited + 1];
      else [count.removed, removed] = [count.removed + 1, removed + 1];
      if (count.samples < perRule && samples.length < mostSamples) {
        samples.push(toSample(verdict, rule));
        count.samples++;
      } else if (spare.length < mostSamples && samples.length < mostSamples) spare.push(toSample(verdict, rule));
    },
    note: (sentence: string): void => void notes.push(sentence),
    finish(): CurationOutcome {
      const byRule = [...rules].map(([rule, { removed, edited }]) => ({ rule, removed, edited }));
      return {
        stepId,
        notes,
        rows,
        kept: rows - removed,
        removed,
        edited,
        rules: byRule.toSorted((one, two) => two.removed + two.edited - one.removed - one.edited),
        histograms: [...tallies].map(([rule, { tally, threshold }]) => ({
          rule,
          threshold,
          ...tally.histogram(threshold),
        })),
        samples: [...samples, ...spare].slice(0, mostSamples),
      };
    },
  };
}

function toSample({ item, edited, keep, reason, value, threshold, related }: Verdict, rule: string): CurationSample {
  return {
    item: shorten(item),
    edited: keep && edited ? shorten(edited) : null,
    rule,
    reason,
    value,
    threshold,
    related: related ? { datasetId: related.datasetId ?? null, itemId: related.itemId } : null,
  };
}

const shorten = (item: Item): Item => ({
  ...item,
  inputs: mapRecord(item.inputs, cut),
  expected: mapStrings(item.expected, cut),
  metadata: mapRecord(item.metadata, cut),
});
const cut = (text: string) => (text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
