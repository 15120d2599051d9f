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
