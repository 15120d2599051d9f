import { expect, test } from "vitest";
import { createPeople } from "./people.ts";

test("a key belongs to the person who created it, also through another key", async () => {
  const creators = new Map([
    ["key_1", "user_ada"],
    ["key_2", "key_1"],
  ]);
  const actorsOf = async (_projectId: string, _action: string, targets: readonly string[]) =>
    new Map(targets.flatMap((id) => [...creators].filter(([key]) => key === id)));
  const people = await createPeople({ actorsOf })("project", ["key_2", "user_bob", "key_first"]);
  expect([...people]).toEqual([
    ["key_2", "user_ada"],
    ["user_bob", "user_bob"],
    ["key_first", "key_first"],
  ]);
});

test("keys that name each other as creators end the search", async () => {
  const actorsOf = async () =>
    new Map([
      ["key_1", "key_2"],
      ["key_2", "key_1"],
    ]);
  const people = await createPeople({ actorsOf })("project", ["key_1"]);
  expect(["key_1", "key_2"]).toContain(people.get("key_1"));
});
