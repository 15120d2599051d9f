import { expect, test } from "vitest";
import { readPrincipals } from "./read-principals.ts";

test("lines become principals without blanks and repeats", () => {
  expect(readPrincipals(" group:support \n\nuser:ada\ngroup:support\n", "\n")).toEqual({
    principals: ["group:support", "user:ada"],
  });
  expect(readPrincipals("", "\n")).toEqual({ principals: [] });
});

test("a name in an editor can hold a comma, and in a search a comma separates", () => {
  expect(readPrincipals("group:sales, north", "\n").principals).toEqual(["group:sales, north"]);
  expect(readPrincipals("group:sales, user:ada", ",").principals).toEqual(["group:sales", "user:ada"]);
});

test("a word without a kind is rejected by its name", () => {
  expect(readPrincipals("public\nsupport", "\n").error).toBe(
    '"support" is not a principal. Enter public, or a kind and a name such as group:support.',
  );
});

test("more than 200 principals are rejected with their number", () => {
  const text = Array.from({ length: 201 }, (_, at) => `user:u${at}`).join("\n");
  expect(readPrincipals(text, "\n").error).toBe("Enter at most 200 principals. There are 201.");
});
