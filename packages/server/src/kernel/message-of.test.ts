import { expect, test } from "vitest";
import { messageOf } from "./message-of.ts";

test("an error gives its message, and any other value its text", () => {
  expect(messageOf(new TypeError("It broke."))).toBe("It broke.");
  expect([messageOf("It broke."), messageOf(404), messageOf(undefined)]).toEqual(["It broke.", "404", "undefined"]);
});
