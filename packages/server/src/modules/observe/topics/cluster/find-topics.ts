import { createVectors, type Vectors } from "@treadle/metrics";
import { findDistantGroups } from "./find-distant.ts";
import { groupRows, type RowGroup, radiusOf } from "./group-rows.ts";
import { matchTopics } from "./match-topics.ts";
import type { FoundTopic, KnownTopicOrder, TopicsAnswer, TopicsOrder } from "./orders.ts";
import { createWordPlacing } from "./place-by-words.ts";
import { countDays, growthOf, numbersOf } from "./topic-numbers.ts";
import { nameGroups, wordsOf } from "./words.ts";

/** Enough for topics of 3 % of the traces. */
const TOPICS = { fewest: 4, most: 32 };
const SUBTOPICS = { fewest: 2, most: 6 };
/** With fewer embedded texts, the others help to find the centers. */
const FEWEST_LEARNED = 200;
const FEWEST_TO_SPLIT = 80;
const EXAMPLES = 8;

/** Groups texts into topics and subtopics, names them, and matches them with the topics of the run before. */
export function findTopics(order: TopicsOrder): TopicsAnswer {
  const words = order.texts.map(wordsOf);
  const { vectors, embedded, placed } = placeTexts(order, words);
  const tops = groupTops(order, { vectors, embedded, placed });
  const before = topicsOf(order.before);
  const matches = matchesOf(order, tops, before);
  const subs = tops.flatMap((top, place) => {
    const known = order.before.filter(
      ({ parentId }) => parentId !== null && parentId === before[matches[place] ?? -1]?.topicId,
    );
    return groupSubs(vectors, top, known).map((group) => ({ ...group, parent: place }));
  });
  const beforeSubs = order.before.filter(({ parentId }) => parentId !== null);
  const subMatches = matchesOf(order, subs, beforeSubs);
  const others = groupOthers(order, tops);
  const describe = describer(order, words);
  const ofTops = describe(others ? [...tops, others] : tops).map((topic, place) =>
    place === tops.length
      ? asOther(topic, order.before)
      : { ...topic, parent: null, isOther: false, matched: before[matches[place] ?? -1]?.topicId ?? null },
  );
  const ofSubs = describe(subs).map((topic, place) => ({
    ...topic,
    parent: subs[place]?.parent ?? 0,
    isOther: false,
    matched: beforeSubs[subMatches[place] ?? -1]?.topicId ?? null,
  }));
  return { topics: [...ofTops, ...ofSubs] };
}

type Described = Omit<FoundTopic, "parent" | "matched" | "isOther">;

/** The traces without a topic have no words. They continue the traces without a topic of the run before. */
const asOther = (topic: Described, before: readonly KnownTopicOrder[]): FoundTopic => ({
  ...topic,
  words: [],
  parent: null,
  isOther: true,
  matched: before.find(({ isOther }) => isOther)?.topicId ?? null,
});

const matchesOf = (
  { traceIds }: TopicsOrder,
  groups: readonly RowGroup[],
  before: readonly KnownTopicOrder[],
): (number | null)[] =>
  matchTopics(
    groups.map(({ center, rows }) => ({ center, members: new Set(rows.map((row) => traceIds[row] ?? "")) })),
    before.map(({ center, members }) => ({ center, members: new Set(members) })),
  );

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
  const known = topicsOf(before);
  const isSameNumber = topics === null || topics === known.length;
  const all = Array.from({ length: placed.length }, (_, row) => row);
  const start = {
    wanted: topics === null ? TOPICS : { fewest: topics, most: topics },
    learned: embedded.length >= FEWEST_LEARNED ? embedded : all,
    known: isSameNumber ? known.map(({ center }) => Float32Array.from(center)) : [],
    distant: findDistantGroups(
      vectors,
      embedded,
      known.map(({ center, radius }) => ({ center: Float32Array.from(center), radius })),
    ),
  };
  return groupRows(vectors, all, start).map((group) => ({
    ...group,
    places: group.rows,
    rows: group.rows.map((row) => placed[row] ?? 0),
  }));
}

const topicsOf = (before: readonly KnownTopicOrder[]) =>
  before.filter(({ parentId, isOther }) => parentId === null && !isOther);

/** The rows that are in no topic, as a group without a center. Null if there are none. */
function groupOthers({ texts }: TopicsOrder, tops: readonly TopGroup[]): RowGroup | null {
  const grouped = new Set(tops.flatMap(({ rows }) => rows));
  const rows = texts.map((_text, row) => row).filter((row) => !grouped.has(row));
  return rows.length === 0 ? null : { center: new Float32Array(), rows, cosines: rows.map(() => 0), isDistant: false };
}

function groupSubs(vectors: Vectors, top: TopGroup, known: readonly KnownTopicOrder[]): RowGroup[] {
  if (top.rows.length < FEWEST_TO_SPLIT) return [];
  const rowOf = new Map(top.places.map((place, at) => [place, top.rows[at] ?? 0]));
  const start = {
    wanted: SUBTOPICS,
    learned: top.places,
    known: known.map(({ center }) => Float32Array.from(center)),
    distant: [],
  };
  const groups = groupRows(vectors, top.places, start);
  // One subtopic would repeat its topic.
  if (groups.length < 2) return [];
  return groups.map((group) => ({ ...group, rows: group.rows.map((place) => rowOf.get(place) ?? 0) }));
}

function describer({ facts, ...period }: TopicsOrder, words: readonly (readonly string[])[]) {
  return (groups: readonly RowGroup[]): Described[] => {
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
      examples: typical(group, words),
    }));
  };
}

/** The rows nearest to the center, one for each text. */
function typical({ rows, cosines }: RowGroup, words: readonly (readonly string[])[]): number[] {
  const order = [...rows.keys()].sort((one, two) => (cosines[two] ?? 0) - (cosines[one] ?? 0));
  const byText = new Map<string, number>();
  for (const place of order) {
    if (byText.size === EXAMPLES) break;
    const row = rows[place] ?? 0;
    const text = (words[row] ?? []).join(" ");
    if (!byText.has(text)) byText.set(text, row);
  }
  return [...byText.values()];
}
