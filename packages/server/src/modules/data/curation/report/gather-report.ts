import type { Item, QualityReport } from "@treadle/contract";
import { createTally, type Tally } from "../items/tally.ts";
import type { Tokenizer } from "../texts/count-tokens.ts";
import type { ItemFacts } from "../texts/measure-item.ts";
import { createSplitComparison } from "./compare-splits.ts";
import { type Counts, createCounts } from "./counts.ts";
import { createRepeats } from "./find-repeats.ts";

/** Few different short answers are classes; many are answers. */
const MOST_CLASSES = 1_000;
const CLASS_SHARE = 0.5;
const MOST_ROLES = 50;

export type Gathered = Omit<QualityReport, "name" | "tokens" | "epochs" | "warnings" | "contamination">;

/** Problems in items: private, toxic, low quality. */
function createFindings() {
  const [toxic, broken, findings, findingRows] = [createCounts(), createCounts(), createCounts(), createCounts()];
  let [privateRows, toxicRows] = [0, 0];
  return {
    add(facts: ItemFacts): void {
      const kinds = Object.entries(facts.private);
      if (kinds.length > 0) privateRows++;
      for (const [kind, times] of kinds) {
        findings.add(kind, times);
        findingRows.add(kind);
      }
      if (facts.toxic.length > 0) toxicRows++;
      for (const kind of facts.toxic) toxic.add(kind);
      if (facts.broken !== "") broken.add(facts.broken);
    },
    finish(rows: number): Pick<Gathered, "privacy" | "toxicity" | "quality"> {
      const kinds = findings.entries().map(([kind, times]) => ({ kind, findings: times, rows: findingRows.get(kind) }));
      return {
        privacy: { rows: privateRows, kinds },
        toxicity: { rows: toxicRows, kinds: toxic.entries().map(([kind, times]) => ({ kind, rows: times })) },
        quality: broken.list(rows).map(({ name, rows: times, share }) => ({ rule: name, rows: times, share })),
      };
    },
  };
}

/** How long items are, in characters, turns and tokens. */
function createLengths(tokenizer: Tokenizer) {
  const [inputs, expected, turns] = [createTally(), createTally(), createTally()];
  const roles = new Map<string, Tally>();
  return {
    add(facts: ItemFacts): void {
      inputs.add(facts.inputCharacters);
      expected.add(facts.expectedCharacters);
      if (facts.turns !== null) turns.add(facts.turns);
      for (const [role, tokens] of Object.entries(facts.tokens[tokenizer]?.byRole ?? {})) {
        const tally = roles.get(role) ?? createTally();
        if (!roles.has(role) && roles.size >= MOST_ROLES) continue;
        tally.add(tokens);
        roles.set(role, tally);
      }
    },
    finish: (): Gathered["lengths"] => ({
      inputCharacters: inputs.distribution(),
      expectedCharacters: expected.distribution(),
      turns: turns.count === 0 ? null : turns.distribution(),
      tokensByRole: [...roles].map(([role, tally]) => ({ role, tokens: tally.distribution() })),
    }),
  };
}

/** Sums up the measurements of single items. */
export function createGathering(tokenizer: Tokenizer) {
  const [shapes, splits, sources, languages, labels] = [
    createCounts(),
    createCounts(),
    createCounts(),
    createCounts(),
    createCounts(),
  ];
  const [findings, lengths, repeats] = [createFindings(), createLengths(tokenizer), createRepeats()];
  const comparison = createSplitComparison();
  const count = { rows: 0, bytes: 0, labelled: 0, noInput: 0, noExpected: 0 };

  return {
    add(facts: ItemFacts, item: Pick<Item, "inputs" | "expected" | "split" | "source">): void {
      const { split, source } = item;
      count.rows++;
      count.bytes += facts.bytes;
      shapes.add(facts.shape);
      splits.add(split ?? "(none)");
      sources.add(source.kind);
      languages.add(facts.language);
      if (facts.inputCharacters === 0) count.noInput++;
      if (facts.expectedCharacters === 0) count.noExpected++;
      if (facts.label !== null) {
        count.labelled++;
        labels.add(facts.label);
      }
      lengths.add(facts);
      findings.add(facts);
      repeats.add(facts, split);
      comparison.add(item);
    },
    finish(): Gathered {
      const { rows } = count;
      const { exactRows, sameInputOtherExpected, leaks } = repeats.finish();
      return {
        rows,
        bytes: count.bytes,
        shapes: shapes.list(rows),
        splits: splits.list(rows),
        sources: sources.list(rows),
        missing: { inputs: count.noInput, expected: count.noExpected },
        lengths: lengths.finish(),
        labels: describeLabels(labels, { rows, labelled: count.labelled }),
        duplicates: { exactRows, exactShare: rows === 0 ? 0 : exactRows / rows, sameInputOtherExpected, near: null },
        languages: languages.list(rows),
        ...findings.finish(rows),
        leaks,
        splitAuc: comparison.finish(),
      };
    },
  };
}

type Rows = { readonly rows: number; readonly labelled: number };

/** Null if the expected answers are not classes: mostly long, or mostly different. */
function describeLabels(labels: Counts, { rows, labelled }: Rows): QualityReport["labels"] {
  const isClass = labelled > rows * CLASS_SHARE && labels.size <= MOST_CLASSES && labels.size <= labelled * CLASS_SHARE;
  if (!isClass || labels.size === 0) return null;
  const sizes = labels.entries().map(([, times]) => times);
  const entropy = sizes.reduce((sum, size) => sum - (size / labelled) * Math.log2(size / labelled), 0);
  return {
    field: "expected",
    classes: labels.list(labelled, 200),
    classCount: labels.size,
    entropy: labels.size === 1 ? 1 : entropy / Math.log2(labels.size),
    largestToSmallest: (sizes[0] ?? 0) / (sizes.at(-1) ?? 1),
  };
}
