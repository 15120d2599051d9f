import { expect, test } from "vitest";
import { readableTime } from "./readable-time.ts";

test("only a whole time in ISO 8601 is written for people", () => {
  expect(readableTime("2026-03-02T09:15:00.000Z")).toBe("2026-03-02 09:15 UTC");
  expect(readableTime("2026-03-02T09:15:42Z")).toBe("2026-03-02 09:15 UTC");
  expect(readableTime("release of 2026-03-02T09:15:42Z")).toBe("release of 2026-03-02T09:15:42Z");
  expect(readableTime("21.5 %")).toBe("21.5 %");
});
