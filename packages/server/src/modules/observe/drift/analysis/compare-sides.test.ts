import { createRandom, type Random } from "@treadle/metrics";
import { expect, test } from "vitest";
import { confirm, verdictOf } from "../run/confirm.ts";
import { makeItem, makeSide } from "../testing/make-side.ts";
import { topicText } from "../testing/topic-texts.ts";
import { compareSides } from "./compare-sides.ts";
import { describeChange } from "./describe-change.ts";
import type { DriftItem, DriftSide, ReferenceModel } from "./drift-item.ts";
import { findTopics } from "./find-topics.ts";
import { countWords } from "./find-words.ts";
import { distanceOf } from "./pack-vectors.ts";

/** Texts far from each other: the first, and each time the farthest from those before. */
function farApart(rows: readonly Float32Array[], count: number): readonly Float32Array[] {
  const centres = rows.slice(0, 1);
  while (centres.length < count) {
    const gaps = rows.map((row) => Math.min(...centres.map((centre) => distanceOf(row, centre))));
    const next = rows[gaps.indexOf(Math.max(...gaps))];
    if (next) centres.push(next);
  }
  return centres;
}
const learn = (side: DriftSide) => ({
  words: countWords(side.items.map(({ text }) => text)),
  topics: findTopics(side, farApart),
});
const compare = (reference: DriftSide, current: DriftSide, { week = null, model = learn(reference) }: Others = {}) =>
  compareSides({ reference, current, week, model });
type Others = { week?: DriftSide | null; model?: ReferenceModel };

/** Usual traffic: 40 users with several sessions each. */
const usual = (count: number, random: Random, more: Partial<DriftItem> = {}) =>
  Array.from({ length: count }, () => {
    const user = `user-${random.below(40)}`;
    const text = topicText("cards", random);
    return makeItem(text, { user, group: `u:${user}`, ...more });
  });

const planted = (count: number, random: Random, more: Partial<DriftItem> = {}) =>
  Array.from({ length: count }, () =>
    makeItem(topicText("travel", random), { user: "acme", group: "u:acme", ...more }),
  );

test("a new customer is named with its user, its words and the size of the change", () => {
  const random = createRandom(11);
  const reference = makeSide(usual(400, random));
  const current = makeSide([...usual(350, random), ...planted(50, random)]);
  const found = compare(reference, current, { week: makeSide(usual(300, random)) });
  const [strongest] = found.signals;
  expect(strongest).toMatchObject({ effect: "share", isLarge: true, isChanged: true });
  expect(found.explanations[0]).toMatchObject({ dimension: "user", value: "acme", referenceShare: 0 });
  expect(found.explanations[0]?.explained).toBeGreaterThan(0.8);
  expect(found.explanations[0]?.sentence).toMatch(
    /^\d+ % of the change comes from user acme, who was not in the reference\.$/,
  );
  const words = found.words.filter(({ z }) => z > 0).map(({ word }) => word);
  expect(words).toEqual(expect.arrayContaining(["flight", "hotel", "passport"]));
  expect(words).not.toContain("card");
  const signals = found.signals.map((one) => ({ ...one, isConfirmed: false }));
  const sentences = describeChange({ signals, explanations: found.explanations });
  expect(sentences.at(-2)).toContain("user acme");
  expect(sentences.at(-1)).toBe("The last 7 days have less than half of this change: it is recent.");
});

const TRAVEL = ["flight", "hotel", "luggage", "airport", "passport", "boarding", "visa", "island"];

test("a new tenant with a tenth of 500 texts is found on at least 4 of 5 days, and named", () => {
  const random = createRandom(16);
  const days = Array.from({ length: 5 }, () => {
    const reference = makeSide(usual(500, random, { tenant: "north" }));
    const added = planted(50, random, { tenant: "acme" }).map((item, at) => ({ ...item, user: `acme-${at % 6}` }));
    return compare(reference, makeSide([...usual(450, random, { tenant: "north" }), ...added]));
  });
  const changed = days.filter(({ signals }) => signals[0]?.isChanged);
  expect(changed.length).toBeGreaterThanOrEqual(4);
  for (const { explanations, words } of changed) {
    expect(explanations[0]).toMatchObject({ dimension: "tenant", value: "acme", referenceShare: 0 });
    const more = words.filter(({ z }) => z > 0).map(({ word }) => word);
    expect(more.filter((word) => TRAVEL.includes(word))).not.toEqual([]);
    expect(more).not.toContain("card");
  }
}, 60_000);

test("a topic that all users share is found by the classifier, with examples of both sides", () => {
  const random = createRandom(12);
  const mixed = (count: number, release: string) =>
    usual(count, random, { release }).map((item) =>
      random.next() < 0.5 ? { ...item, text: topicText("travel", random) } : item,
    );
  const found = compare(makeSide(usual(300, random)), makeSide(mixed(300, "2.0")));
  const domain = found.signals.find(({ signal }) => signal === "domain");
  expect(domain).toMatchObject({ isChanged: true, effect: "auc" });
  expect(domain?.value).toBeGreaterThan(0.65);
  expect(found.signals.find(({ signal }) => signal === "embeddings")?.pValue).toBeLessThan(0.05);
  expect(found.explanations[0]).toMatchObject({ dimension: "release", value: "2.0" });
  expect(found.currentExamples).toHaveLength(8);
  expect(found.referenceExamples).toHaveLength(8);
});

test("a new language is named, and a changed share of refusals is measured with its interval", () => {
  const random = createRandom(13);
  const german = Array.from({ length: 60 }, () => makeItem(topicText("german", random), { language: "de" }));
  const reference = usual(300, random).map((item, at) => ({ ...item, flags: { refusal: at % 20 === 0 } }));
  const current = [...usual(240, random), ...german].map((item, at) => ({ ...item, flags: { refusal: at % 5 === 0 } }));
  const found = compare(makeSide(reference), makeSide(current));
  const language = found.signals.find(({ signal }) => signal === "language:de");
  expect(language).toMatchObject({ label: "Language: German", reference: 0, current: 0.2, isChanged: true });
  const refusals = found.signals.find(({ signal }) => signal === "refusals");
  expect(refusals).toMatchObject({ reference: 0.05, current: 0.2, isChanged: true });
  expect(refusals?.lower).toBeGreaterThan(0.09);
  expect(refusals?.upper).toBeLessThan(0.21);
});

test("a change within one session is not significant, however many texts it has", () => {
  const random = createRandom(14);
  const one = Array.from({ length: 40 }, () => makeItem(topicText("travel", random), { unit: "s:1", group: "u:1" }));
  const found = compare(makeSide(usual(300, random)), makeSide([...usual(260, random), ...one]));
  expect(found.signals.filter(({ isChanged }) => isChanged)).toEqual([]);
});

/** Short vectors have fewer numbers to learn, and chance looks the same in them. */
const SMALL = 12;

test("the same traffic split at random raises no alarm in 100 repetitions", () => {
  const random = createRandom(15);
  const side = () =>
    makeSide(
      usual(100, random).map((item) => ({
        ...item,
        language: random.next() < 0.2 ? "de" : "en",
        flags: { refusal: random.next() < 0.1 },
      })),
      SMALL,
    );
  let [days, confirmed] = [0, 0];
  for (let round = 0; round < 100; round++) {
    const reference = side();
    const model = learn(reference);
    const first = compare(reference, side(), { model });
    if (!first.signals.some(({ isChanged }) => isChanged)) continue;
    days++;
    const second = compare(reference, side(), { model });
    const earlier = [{ day: "2026-01-01", signals: first.signals }];
    if (verdictOf(confirm(second.signals, earlier)) === "confirmed") confirmed++;
  }
  expect(days).toBeLessThanOrEqual(3);
  expect(confirmed).toBe(0);
}, 60_000);

test("a signal is confirmed on the second of three days, and only the same signal confirms", () => {
  const change = (signal: string, isChanged = true) => ({
    ...{ signal, label: signal, effect: "share" as const, reference: 0, current: 0.2, value: 0.2 },
    ...{ lower: 0.1, upper: 0.3, pValue: 0, isLarge: true, isChanged, step: null },
  });
  const day = (signal: string, isChanged = true) => ({ day: "2026-01-01", signals: [change(signal, isChanged)] });
  expect(verdictOf(confirm([change("length")], []))).toBe("changed");
  expect(verdictOf(confirm([change("length")], [day("duplicates")]))).toBe("changed");
  expect(verdictOf(confirm([change("length")], [day("length", false), day("length")]))).toBe("confirmed");
  expect(verdictOf(confirm([change("length", false)], [day("length"), day("length")]))).toBe("stable");
});
