import { expect, test } from "vitest";
import { fileNameOf } from "./file-name.ts";

test("a name, a path and an address become a file name", () => {
  expect(fileNameOf("handbook.pdf")).toBe("handbook.pdf");
  expect(fileNameOf("guides/2026/handbook.pdf")).toBe("handbook.pdf");
  expect(fileNameOf("https://example.com/docs/start.html?lang=en#top")).toBe("start.html");
  expect(fileNameOf("/")).toBe("document");
});
