import { expect, test } from "vitest";
import { findMentions } from "./find-mentions.ts";

const MEMBERS = [
  { userId: "ada", name: "Ada Lovelace", email: "ada@example.com" },
  { userId: "ann", name: "Ada", email: "ann@example.com" },
  { userId: "ben", name: "Ben", email: "ben@example.com" },
  { userId: "twin", name: "Ben", email: "twin@example.com" },
  { userId: "zoe", name: "Zoë Öztürk", email: "zoe@example.com" },
];

test.each([
  ["@Ada Lovelace, please look", ["ada"]],
  ["@Ada please look", ["ann"]],
  ["see @[ada lovelace].", ["ada"]],
  ["@ada@example.com", ["ada"]],
  ["@[ANN@example.com] and @zoë öztürk", ["ann", "zoe"]],
  ["@Ben", ["ben", "twin"]],
  ["write to ada@example.com", []],
  ["@Adam", []],
  ["@ada@example.comx", ["ann"]],
  ["@", []],
  ["@nobody", []],
])("%j mentions %j", (text, expected) => {
  expect(findMentions(text, MEMBERS).toSorted()).toEqual(expected);
});

test("a member without a name is found by e-mail only", () => {
  expect(findMentions("@ hello @x@y.z", [{ userId: "x", name: "", email: "x@y.z" }])).toEqual(["x"]);
});
