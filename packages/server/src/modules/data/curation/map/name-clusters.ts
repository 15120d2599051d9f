import { bareWords } from "../sets/shingles.ts";

const TERMS = 5;
const TERMS_IN_NAME = 3;
/** Words that are everywhere, such as "how", count for less than in the paper: a name has room for three. */
const RARENESS = 1.5;
const FEWEST_LETTERS = 3;
const LETTERS_ALONE = /^\p{L}+$/u;
const SIGN = /^\p{Lo}+$/u;

/** For each cluster its most telling words: those that many of its texts have and few of the others (as c-TF-IDF, Grootendorst 2022). */
export function nameClusters(texts: readonly string[], clusters: ArrayLike<number>, count: number) {
  const having = Array.from({ length: count }, () => new Map<string, number>());
  const rows = new Uint32Array(count);
  for (const [row, text] of texts.entries()) {
    const cluster = clusters[row] ?? 0;
    rows[cluster] = (rows[cluster] ?? 0) + 1;
    const words = having[cluster];
    if (words)
      for (const word of new Set(bareWords(text, false).filter(isTelling))) words.set(word, (words.get(word) ?? 0) + 1);
  }
  const everywhere = new Map<string, number>();
  for (const [cluster, words] of having.entries())
    for (const [word, has] of words)
      everywhere.set(word, (everywhere.get(word) ?? 0) + has / Math.max(1, rows[cluster] ?? 0));
  const named = having.map((words, cluster) => {
    const score = ([word, has]: readonly [string, number]) =>
      (has / Math.max(1, rows[cluster] ?? 0)) * Math.log(1 + count / (everywhere.get(word) ?? 1)) ** RARENESS;
    const terms = [...words]
      .sort((one, two) => score(two) - score(one) || (one[0] < two[0] ? -1 : 1))
      .slice(0, TERMS)
      .map(([word]) => word);
    return { terms, name: terms.slice(0, TERMS_IN_NAME).join(", ") || `Cluster ${cluster + 1}` };
  });
  return tellApart(named);
}

type Named = { readonly terms: string[]; readonly name: string };

/**
 * Clusters whose names have the same words, in any order, get the first of their other words that no other cluster has,
 * or else a number.
 */
function tellApart(clusters: readonly Named[]): Named[] {
  const sameAs = new Map<string, Named[]>();
  const wordsOf = ({ name }: Named) => name.split(", ").sort().join(", ");
  for (const cluster of clusters) sameAs.set(wordsOf(cluster), [...(sameAs.get(wordsOf(cluster)) ?? []), cluster]);
  return clusters.map((cluster) => {
    const same = sameAs.get(wordsOf(cluster)) ?? [];
    if (same.length < 2) return cluster;
    const others = same.filter((other) => other !== cluster);
    const own = cluster.terms.slice(TERMS_IN_NAME).find((word) => others.every(({ terms }) => !terms.includes(word)));
    return { ...cluster, name: own ? `${cluster.name}, ${own}` : `${cluster.name} (${same.indexOf(cluster) + 1})` };
  });
}

const isTelling = (word: string) => SIGN.test(word) || (word.length >= FEWEST_LETTERS && LETTERS_ALONE.test(word));
