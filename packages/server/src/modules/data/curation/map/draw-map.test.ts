import { expect, test } from "vitest";
import { asking, createStepContext, textOfWords } from "../testing/step-context.ts";
import { drawMap } from "./draw-map.ts";

const GIVEN = { of: "prompt", method: "neighbours", clusters: 2, fields: ["expected", "metadata.topic"] } as const;

test("every item has a place, a cluster and the values to colour it by", async () => {
  const items = Array.from({ length: 120 }, (_, seed) =>
    asking(`it_${seed}`, `${seed % 2 === 0 ? "cards arrive" : "money leaves"} ${textOfWords(seed, 3)}`, {
      expected: seed % 2 === 0 ? "card" : "money",
      metadata: seed === 5 ? { topic: "x".repeat(500) } : {},
    }),
  );
  const embed = async (texts: readonly string[]) =>
    texts.map((text) => [text.startsWith("cards") ? 1 : 0, text.startsWith("cards") ? 0 : 1, (text.length % 7) / 50]);
  const { points, clusters } = await drawMap(createStepContext({ items }), {
    ...GIVEN,
    fields: [...GIVEN.fields],
    embed,
  });
  expect(points.itemIds).toEqual(items.map(({ itemId }) => itemId));
  expect([points.x, points.y].every((places) => places.length === 120 && places.every(Number.isFinite))).toBe(true);
  expect(points.clusters.every((cluster, row) => cluster === points.clusters[row % 2])).toBe(true);
  expect(clusters.map(({ rows }) => rows)).toEqual([60, 60]);
  expect(clusters[points.clusters[0] ?? 0]?.terms.slice(0, 2).sort()).toEqual(["arrive", "cards"]);
  expect(points.fields[0]).toMatchObject({ field: "expected", values: expect.arrayContaining(["card", "money"]) });
  expect(points.fields[1]?.values.map((value) => value?.length ?? 0).filter(Boolean)).toEqual([200]);
});
