import { expect, test } from "vitest";
import { endpointOf } from "../testing/open-gateway.ts";
import { assignVariant, type Units } from "./assign-variant.ts";
import { createTestUnits, type LoadDrawn } from "./keep-test-units.ts";

const USERS = 300;
const VARIANTS = ["a", "b"].map((name) => ({ name, model: `openai/${name}`, weight: 1 }));
const endpointWith = (...shares: number[]) =>
  endpointOf("support", {
    variants: VARIANTS,
    abTest: {
      abTestId: "abt_1",
      arms: VARIANTS.map(({ name }) => ({ variant: name, share: 0.5 })),
      adaptive: { holdout: 0.1, shares },
    },
  });
const userOf = (place: number): Units => ({
  user: `u${place}`,
  session: "",
  conversation: () => "",
  isContinued: () => false,
  key: "k",
  request: `r${place}`,
});

function openUnits(loadDrawn: LoadDrawn = async () => new Map()) {
  let now = 0;
  const units = createTestUnits({ clock: { elapsed: () => now }, loadDrawn });
  async function assign(endpoint: ReturnType<typeof endpointWith>, caller: Units, forced = "") {
    const drawn = await units.of("proj_1", endpoint.abTest);
    const assignment = assignVariant(endpoint, caller, { forced, findDrawn: drawn?.find });
    drawn?.store(endpoint.abTest, assignment);
    return assignment;
  }
  const assignAll = (endpoint: ReturnType<typeof endpointWith>) =>
    Promise.all(Array.from({ length: USERS }, (_, place) => assign(endpoint, userOf(place))));
  return { assign, assignAll, wait: (ms: number) => (now += ms) };
}
const shown = (list: Awaited<ReturnType<ReturnType<typeof openUnits>["assignAll"]>>) =>
  list.map(({ variant, propensity }) => [variant.name, propensity]);

test("a unit keeps its variant and its probability while the shares change", async () => {
  const { assign, assignAll } = openUnits();
  const first = shown(await assignAll(endpointWith(0.5, 0.5)));
  expect(shown(await assignAll(endpointWith(0.05, 0.95)))).toEqual(first);
  const fresh = await Promise.all(
    Array.from({ length: USERS }, (_, place) => assign(endpointWith(0.05, 0.95), userOf(USERS + place))),
  );
  expect(fresh.filter(({ variant }) => variant.name === "b").length).toBeGreaterThan(0.8 * USERS);
});

test("after a restart, units keep the variant that the spans show", async () => {
  const before = await openUnits().assignAll(endpointWith(0.5, 0.5));
  const spans = new Map(
    before
      .filter(({ bucket }) => bucket >= 0.1)
      .map(({ bucket, variant, propensity }) => [bucket, { variant: variant.name, propensity }]),
  );
  const after = await openUnits(async () => spans).assignAll(endpointWith(0.05, 0.95));
  expect(shown(after)).toEqual(shown(before));
});

test("while the spans cannot be read, units are drawn by the current shares, and go back later", async () => {
  const before = await openUnits().assignAll(endpointWith(0.5, 0.5));
  const spans = new Map(before.map(({ bucket, variant }) => [bucket, { variant: variant.name, propensity: 0.5 }]));
  let tries = 0;
  const { assignAll, wait } = openUnits(async () => {
    tries += 1;
    if (tries === 1) throw new Error("away");
    return spans;
  });
  expect(shown(await assignAll(endpointWith(0.05, 0.95)))).not.toEqual(shown(before));
  await assignAll(endpointWith(0.05, 0.95));
  expect(tries).toBe(1);
  wait(10_000);
  expect(shown(await assignAll(endpointWith(0.05, 0.95)))).toEqual(shown(before));
});

test("a request waits a second for the spans and no longer", async () => {
  const { assign, assignAll, wait } = openUnits(() => new Promise(() => {}));
  expect((await assign(endpointWith(1, 0), userOf(1))).rolloutId).toBe("abt_1");
  wait(1_000);
  const begun = performance.now();
  await assignAll(endpointWith(1, 0));
  expect(performance.now() - begun).toBeLessThan(900);
});

test("a variant that the caller names is not remembered", async () => {
  const { assign, assignAll } = openUnits();
  const expected = shown(await openUnits().assignAll(endpointWith(0.5, 0.5)));
  for (let place = 0; place < USERS; place += 1) await assign(endpointWith(0.5, 0.5), userOf(place), "b");
  expect(shown(await assignAll(endpointWith(0.5, 0.5)))).toEqual(expected);
});
