import { expect, test } from "vitest";
import { accessOf, accessWords, principalsOf } from "./access.ts";

test("principals become a choice and back", () => {
  for (const principals of [["public"], [], ["group:support", "user:ada"]])
    expect(principalsOf(accessOf(principals))).toEqual({ principals });
});

test("public with other principals is everyone", () => {
  expect(accessOf(["group:support", "public"]).who).toBe("everyone");
});

test("an empty list of principals is rejected, so that a document is never hidden by mistake", () => {
  expect(principalsOf({ who: "some", text: " \n" }).error).toBe(
    "Enter at least one principal, or choose who else finds it.",
  );
});

test("the table names one principal and counts the others", () => {
  expect(accessWords(["public", "user:ada"])).toBe("Everyone");
  expect(accessWords([])).toBe("Nobody");
  expect(accessWords(["user:ada"])).toBe("user:ada");
  expect(accessWords(["user:ada", "user:bob", "group:x"])).toBe("user:ada and 2 more");
});
