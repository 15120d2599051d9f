import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dawidSkene, type ItemTruth, majorityVote, weightedVote } from "./index.ts";

type Shares = Readonly<Record<string, number>>;
type Case = {
  readonly votes: readonly (readonly [item: string, rater: string, label: string])[];
  readonly weights: Shares;
  readonly known: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly majority: Readonly<Record<string, Shares>>;
  readonly weighted: Readonly<Record<string, Shares>>;
  readonly estimated: Readonly<Record<string, Shares>>;
  readonly priors: Shares;
};
const golden: { source: string; cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL("../../golden/truth.json", import.meta.url), "utf8"),
);

function expectShares(found: Shares, wanted: Shares) {
  for (const [label, share] of Object.entries(wanted)) expect(Math.abs((found[label] ?? 0) - share)).toBeLessThan(1e-9);
}
function expectTruth(found: readonly ItemTruth[], wanted: Readonly<Record<string, Shares>>) {
  expect(found.map(({ item }) => item).sort()).toEqual(Object.keys(wanted).sort());
  for (const { item, shares } of found) expectShares(shares, wanted[item] ?? {});
}

test.each(golden.cases.map((one, place) => [place, one] as const))(
  "votes %s are summed up as crowd-kit does",
  (_, { votes: given, weights, known, rounds, ...wanted }) => {
    const votes = given.map(([item, rater, label]) => ({ item, rater, label }));
    expectTruth(majorityVote(votes), wanted.majority);
    expectTruth(weightedVote(votes, new Map(Object.entries(weights))), wanted.weighted);
    const estimated = dawidSkene(votes, { known: new Map(Object.entries(known)), rounds, tolerance: 0 });
    expectTruth(estimated.items, wanted.estimated);
    expectShares(estimated.priors, wanted.priors);
    expect(estimated.rounds).toBe(rounds);
  },
);
