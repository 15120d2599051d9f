import { expect, test } from "vitest";
import { endpointOf } from "../testing/open-gateway.ts";
import { assignVariant, type Units } from "./assign-variant.ts";
import { createConversations } from "./keep-conversations.ts";

const NOTHING: Units = {
  user: "",
  session: "",
  conversation: () => "",
  isContinued: () => false,
  key: "k",
  request: "r",
};
const opening = (user: string, text = "hello"): Units => ({ ...NOTHING, user, conversation: () => text });
const later = (user: string, text = "hello"): Units => ({ ...opening(user, text), isContinued: () => true });

const endpointAt = (share: number | null, weights: readonly [number, number] = [0, 1]) =>
  endpointOf("support", {
    variants: weights.map((weight, place) => ({ name: place === 0 ? "new" : "old", model: "openai/m", weight })),
    rollout: share === null ? null : { rolloutId: "rol_1", candidate: "new", control: "old", share },
  });

function openConversations() {
  let now = 0;
  const conversations = createConversations({ elapsed: () => now });
  const assign = (endpoint: ReturnType<typeof endpointAt>, units: Units) =>
    conversations.keep(endpoint, units, assignVariant(endpoint, units, { forced: "" }));
  return { assign, size: conversations.size, wait: (ms: number) => (now += ms) };
}

test("a conversation keeps its variant while the share grows and after the promotion", () => {
  const { assign } = openConversations();
  expect(assign(endpointAt(0), opening("ada")).variant.name).toBe("old");
  const kept = assign(endpointAt(1), later("ada"));
  expect([kept.variant.name, kept.isForced]).toEqual(["old", true]);
  expect(assign(endpointAt(null, [1, 0]), later("ada")).variant.name).toBe("old");
});

test("a conversation leaves a candidate that was rolled back, and stays on one that was promoted", () => {
  const { assign } = openConversations();
  expect(assign(endpointAt(1), opening("ada")).variant.name).toBe("new");
  expect(assign(endpointAt(null, [1, 0]), later("ada")).variant.name).toBe("new");
  expect(assign(endpointAt(null, [0, 1]), later("ada")).variant.name).toBe("old");
});

test("a conversation of a rolled-back candidate stays on the variant that took it over", () => {
  const { assign } = openConversations();
  expect(assign(endpointAt(1), opening("ada")).variant.name).toBe("new");
  const next = (share: number | null, weights: readonly [number, number]) => {
    const endpoint = endpointOf("support", {
      variants: weights.map((weight, place) => ({ name: place === 0 ? "old" : "third", model: "openai/m", weight })),
      rollout: share === null ? null : { rolloutId: "rol_2", candidate: "third", control: "old", share },
    });
    return { ...endpoint, endpointId: endpointAt(1).endpointId };
  };
  expect(assign(next(0, [1, 0]), later("ada")).variant.name).toBe("old");
  expect(assign(next(null, [0, 1]), later("ada")).variant.name).toBe("old");
});

test("a new conversation that begins alike goes where its unit goes", () => {
  const { assign } = openConversations();
  assign(endpointAt(0), opening("ada"));
  expect(assign(endpointAt(1), opening("ada"))).toMatchObject({ variant: { name: "new" }, isForced: false });
  expect(assign(endpointAt(1), later("bob"))).toMatchObject({ variant: { name: "new" }, isForced: false });
});

test("an idle conversation is forgotten after an hour, and the oldest of many at once", () => {
  const { assign, wait, size } = openConversations();
  assign(endpointAt(0), opening("ada"));
  wait(3_600_000);
  expect(assign(endpointAt(1), later("ada")).variant.name).toBe("new");
  for (let place = 0; place < 50_010; place++) assign(endpointAt(0.5), opening("bob", `question ${place}`));
  expect(size()).toBe(50_000);
});

test("without a rollout nothing is held", () => {
  const { assign, size } = openConversations();
  assign(endpointAt(null), opening("ada"));
  expect(size()).toBe(0);
});
