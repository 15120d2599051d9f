import { distinctiveWords } from "@treadle/metrics";
import type { DriftSide, DriftTopic, PackedVectors } from "./drift-item.ts";
import { countWords } from "./find-words.ts";
import { compareShares, type Finding, type Marks, type Units } from "./finding.ts";
import { distanceOf, unpackVectors } from "./pack-vectors.ts";

/** Centres of vectors, which are of length 1. The same for the same vectors. */
export type FindCentres = (vectors: readonly Float32Array[], count: number) => readonly Float32Array[];

const MOST_TOPICS = 8;
const TEXTS_PER_TOPIC = 40;
const FEWEST_NEW = 10;
const WORDS_OF_TOPIC = 5;
const FEWEST_LETTERS = 3;
export const NEW_CLUSTER = -1;

/** The topics of the reference: clusters of its vectors, each with its most distinctive words. */
export function findTopics({ items, vectors }: DriftSide, findCentres: FindCentres): DriftTopic[] {
  const rows = unpackVectors(vectors);
  const count = Math.min(MOST_TOPICS, Math.floor(rows.length / TEXTS_PER_TOPIC));
  const centres = findCentres(rows, count);
  const nearest = rows.map((row) => nearestOf(row, centres));
  return centres.map((centre, topic) => {
    const distances = nearest.flatMap((one) => (one.topic === topic ? [one.distance] : []));
    const own = items.filter((_, at) => nearest[at]?.topic === topic).map(({ text }) => text);
    const others = items.filter((_, at) => nearest[at]?.topic !== topic).map(({ text }) => text);
    return { centre: Array.from(centre, rounded), radius: radiusOf(distances), words: topicWords(own, others) };
  });
}

function nearestOf(row: Float32Array, centres: readonly ArrayLike<number>[]) {
  let [topic, distance] = [0, Number.POSITIVE_INFINITY];
  for (const [at, centre] of centres.entries()) {
    const other = distanceOf(row, centre);
    if (other < distance) [topic, distance] = [at, other];
  }
  return { topic, distance };
}

/** The distance within which 99 % of a topic's texts lie. */
function radiusOf(distances: readonly number[]): number {
  const sorted = Float64Array.from(distances).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.99) - 1)] ?? 0;
}

export function topicWords(own: readonly string[], others: readonly string[]): string[] {
  const toMap = (texts: readonly string[]) => new Map(Object.entries(countWords(texts)));
  return distinctiveWords(toMap(own), toMap(others))
    .filter(({ word, z }) => z > 0 && !word.includes(" ") && word.length >= FEWEST_LETTERS)
    .slice(0, WORDS_OF_TOPIC)
    .map(({ word }) => word);
}

type Vectors = { readonly reference: PackedVectors; readonly current: PackedVectors };

/** The share of each topic on both sides, and the group of texts that are far from all topics and near each other. */
export function compareTopics(topics: readonly DriftTopic[], vectors: Vectors, units: Units): Finding[] {
  if (topics.length === 0) return [];
  const centres = topics.map(({ centre }) => centre);
  const [before, now] = [unpackVectors(vectors.reference), unpackVectors(vectors.current)];
  const places = (rows: readonly Float32Array[]) => rows.map((row) => nearestOf(row, centres).topic);
  const [old, current] = [places(before), places(now)];
  const shares = topics.map((_, topic) => {
    const mark = (place: number) => Number(place === topic);
    const marks = { reference: old.map(mark), current: current.map(mark) };
    return compareShares({ signal: `cluster:${topic}`, label: `Topic ${topic + 1}` }, marks, units);
  });
  const isNew = markNew(topics, before, now);
  const fresh = isNew && compareShares({ signal: "new-cluster", label: "New topic" }, isNew, units);
  return [...shares, fresh].filter((one) => one !== null);
}

/** Marks the largest group of far texts that lie within the usual radius of one of them. Null if it is too small. */
function markNew(
  topics: readonly DriftTopic[],
  before: readonly Float32Array[],
  now: readonly Float32Array[],
): Marks | null {
  const isFar = (row: Float32Array) => topics.every(({ centre, radius }) => distanceOf(row, centre) > radius);
  const radius = Float64Array.from(topics, (topic) => topic.radius).sort()[topics.length >> 1] ?? 0;
  const far = now.filter(isFar);
  if (far.length < FEWEST_NEW) return null;
  const near = (middle: Float32Array) => far.filter((row) => distanceOf(row, middle) <= radius).length;
  const counts = far.map(near);
  const most = Math.max(...counts);
  const middle = far[counts.indexOf(most)];
  if (!middle || most < FEWEST_NEW) return null;
  const mark = (row: Float32Array) => Number(isFar(row) && distanceOf(row, middle) <= radius);
  return { reference: before.map(mark), current: now.map(mark) };
}

const rounded = (value: number) => Math.round(value * 100_000) / 100_000;
