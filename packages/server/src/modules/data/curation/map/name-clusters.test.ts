import { expect, test } from "vitest";
import { nameClusters } from "./name-clusters.ts";

test("a cluster is named by words that most of its texts have and few of the others", () => {
  const texts = [
    "Where is the card I ordered?",
    "The new card has not arrived",
    "card arrived late",
    "Top up the account with cash",
    "The top up failed again",
    "Why did the top up fail?",
  ];
  const [cards, tops] = nameClusters(texts, [0, 0, 0, 1, 1, 1], 2);
  expect(cards?.terms[0]).toBe("card");
  expect(tops?.terms[0]).toBe("top");
  expect(cards?.name.split(", ")).toHaveLength(3);
});

test("a cluster without a telling word has a number for a name", () => {
  expect(nameClusters(["12 34", "of"], [0, 1], 3).map(({ name }) => name)).toEqual([
    "Cluster 1",
    "Cluster 2",
    "Cluster 3",
  ]);
});

test("clusters of the same words are distinguished by another word, or by a number if there is none", () => {
  const repeat = (text: string, times: number) => Array.from({ length: times }, () => text);
  const texts = [
    ...repeat("red green blue apple", 4),
    ...repeat("blue green red pear", 4),
    ...repeat("stone river cloud", 4),
    ...repeat("cloud river stone", 4),
  ];
  const names = nameClusters(
    texts,
    texts.map((_, row) => Math.floor(row / 4)),
    4,
  ).map(({ name }) => name);
  expect(new Set(names).size).toBe(4);
  expect(names[0]).toContain("apple");
  expect(names[1]).toContain("pear");
  expect(names.slice(2)).toEqual(["cloud, river, stone (1)", "cloud, river, stone (2)"]);
});
