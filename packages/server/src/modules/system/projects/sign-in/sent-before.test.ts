import { expect, test } from "vitest";
import { createSentBefore } from "./sent-before.ts";

/** The requests, and their targets. */
function noting() {
  const asked: string[] = [];
  const hashOf = (credential: string) => {
    asked.push(credential);
    return credential === "none" ? null : `#${credential}`;
  };
  return { asked, hashSent: createSentBefore(hashOf) };
}

test("a credential that comes again over its connection is not hashed again", () => {
  const { asked, hashSent } = noting();
  const connection = {};
  expect([1, 2, 3].map(() => hashSent("a", connection))).toEqual(["#a", "#a", "#a"]);
  expect(asked).toEqual(["a"]);
});

test("another credential over the same connection, and the same over another one, is what it is", () => {
  const { asked, hashSent } = noting();
  const [one, other] = [{}, {}];
  expect(hashSent("a", one)).toBe("#a");
  expect(hashSent("b", one)).toBe("#b");
  expect(hashSent("a", one)).toBe("#a");
  expect(hashSent("b", other)).toBe("#b");
  expect(asked).toEqual(["a", "b", "a", "b"]);
});

test("without a connection nothing is remembered, and what is no credential is none each time", () => {
  const { asked, hashSent } = noting();
  const connection = {};
  hashSent("a", undefined);
  hashSent("a", undefined);
  expect(hashSent("a", connection)).toBe("#a");
  expect(hashSent("none", connection)).toBeNull();
  expect(hashSent("none", connection)).toBeNull();
  expect(hashSent("a", connection)).toBe("#a");
  expect(asked).toEqual(["a", "a", "a", "none", "none"]);
});
