import { createVectors, type Vectors } from "@treadle/metrics";
import { findDistantGroups } from "./find-distant.ts";
import { groupRows, type RowGroup, radiusOf } from "./group-rows.ts";
import { matchTopics } from "./match-topics.ts";
import type { FoundTopic, KnownTopicOrder, TopicsAnswer, TopicsOrder } from "./orders.ts";
import { createWordPlacing } from "./place-by-words.ts";
import { countDays, growthOf, numbersOf } from "./topic-numbers.ts";
import { nameGroups, wordsOf } from "./words.ts";

const MOST_TOPICS = 24;
const FEWEST_TOPICS = 4;
const ROWS_PER_TOPIC = 60;
const ROWS_PER_SUBTOPIC = 40;
const MOST_SUBTOPICS = 6;
const FEWEST_TO_SPLIT = 80;
const EXAMPLES = 8;

/** Groups texts into topics and subtopics, names them, and matches them with the topics of the run before. */
export function findTopics(order: TopicsOrder): TopicsAnswer {
  const words = order.texts.map(wordsOf);
  const { vectors, embedded, placed } = placeTexts(order, words);
  const tops = groupTops(order, { vectors, embedded, placed });
  const before = order.before.filter(({ parentId }) => parentId === null);
  const matches = matchTopics(tops.map(matchable(order)), before.map(matchableBefore));
  const subs = tops.flatMap((top, place) => {
    const known = order.before.filter(
      ({ parentId }) => parentId !== null && parentId === before[matches[place] ?? -1]?.topicId,
    );
    return groupSubs(vectors, top, known).map((group) => ({ group, parent: place }));
  });
  const beforeSubs = order.before.filter(({ parentId }) => parentId !== null);
  const subMatches = matchTopics(
    subs.map(({ group }) => matchable(order)(group)),
    beforeSubs.map(matchableBefore),
  );
  const describe = describer(order, words);
  const ofTops = describe(tops).map((topic, place) => ({
    ...topic,
    parent: null,
    matched: before[matches[place] ?? -1]?.topicId ?? null,
  }));
  const ofSubs = describe(subs.map(({ group }) => group)).map((topic, place) => ({
    ...topic,
    parent: subs[place]?.parent ?? 0,
    matched: beforeSubs[subMatches[place] ?? -1]?.topicId ?? null,
  }));
  return { topics: [...ofTops, ...ofSubs] };
}

const matchable =
  ({ traceIds }: TopicsOrder) =>
  ({ center, rows }: RowGroup) => ({
    center,
    members: new Set(rows.map((row) => traceIds[row] ?? "")),
  });
const matchableBefore = ({ center, members }: KnownTopicOrder) => ({ center, members: new Set(members) });

/** A vector for each text that can be placed. Texts without a known word are left out. */
function placeTexts(order: TopicsOrder, words: readonly (readonly string[])[]) {
  const collected = createVectors();
  const placed: number[] = [];
  const embedded: number[] = [];
  const ofRow = new Map(order.embedded.map((row, place) => [row, order.vectors[place] ?? []]));
  const placeByWords = createWordPlacing({ rows: order.embedded, vectors: order.vectors, size: order.size }, words);
  for (let row = 0; row < order.texts.length; row++) {
    const own = ofRow.get(row);
    const vector = own ?? placeByWords(row);
    if (!vector) continue;
    if (own) embedded.push(placed.length);
    placed.push(row);
    collected.add(vector);
  }
  return { vectors: collected.get(), embedded, placed };
}

type Placed = { readonly vectors: Vectors; readonly embedded: readonly number[]; readonly placed: readonly number[] };
/** A group whose rows are rows of the order, with the rows of the vectors next to them. */
type TopGroup = RowGroup & { readonly places: readonly number[] };

function groupTops({ before, topics }: TopicsOrder, { vectors, embedded, placed }: Placed): TopGroup[] {
  const known = before.filter(({ parentId }) => parentId === null);
  const isSameNumber = topics === null || topics === known.length;
  const start = {
    wanted:
      topics ??
      Math.max(FEWEST_TOPICS, Math.min(MOST_TOPICS, Math.round(Math.sqrt(placed.length / ROWS_PER_TOPIC) * 2))),
    known: isSameNumber ? known.map(({ center }) => Float32Array.from(center)) : [],
    distant: findDistantGroups(
      vectors,
      embedded,
      known.map(({ center, radius }) => ({ center: Float32Array.from(center), radius })),
    ),
  };
  const all = Array.from({ length: placed.length }, (_, row) => row);
  return groupRows(vectors, all, start).map((group) => ({
    ...group,
    places: group.rows,
    rows: group.rows.map((row) => placed[row] ?? 0),
  }));
}

function groupSubs(vectors: Vectors, top: TopGroup, known: readonly KnownTopicOrder[]): RowGroup[] {
  if (top.rows.length < FEWEST_TO_SPLIT) return [];
  const wanted = Math.max(2, Math.min(MOST_SUBTOPICS, Math.round(Math.sqrt(top.rows.length / ROWS_PER_SUBTOPIC))));
  const rowOf = new Map(top.places.map((place, at) => [place, top.rows[at] ?? 0]));
  const start = { wanted, known: known.map(({ center }) => Float32Array.from(center)), distant: [] };
  const groups = groupRows(vectors, top.places, start);
  // One subtopic would repeat its topic.
  if (groups.length < 2) return [];
  return groups.map((group) => ({ ...group, rows: group.rows.map((place) => rowOf.get(place) ?? 0) }));
}

function describer({ facts, ...period }: TopicsOrder, words: readonly (readonly string[])[]) {
  return (groups: readonly RowGroup[]): Omit<FoundTopic, "parent" | "matched">[] => {
    const names = nameGroups(
      groups.map(({ rows }) => rows),
      words,
    );
    const growth = growthOf(
      groups.map(({ rows }) => rows),
      facts,
      period,
    );
    const days = countDays(facts, period);
    return groups.map((group, place) => ({
      center: [...group.center],
      radius: radiusOf(group),
      rows: group.rows,
      cosines: group.cosines,
      isDistant: group.isDistant,
      words: names[place] ?? [],
      growth: growth[place] ?? null,
      numbers: numbersOf(group.rows, { facts, days, period }),
      examples: typical(group),
    }));
  };
}

/** The rows nearest to the center. */
function typical({ rows, cosines }: RowGroup): number[] {
  const order = [...rows.keys()].sort((one, two) => (cosines[two] ?? 0) - (cosines[one] ?? 0));
  return order.slice(0, EXAMPLES).map((place) => rows[place] ?? 0);
}
