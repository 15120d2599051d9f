import { expect, test } from "vitest";
import type { Source } from "../shared/use-sources.ts";
import { placeWords, scheduleWords, syncWords } from "./source-words.ts";

// Only these fields are read.
const source = (fields: object) => ({ kind: "web", isEnabled: true, everySeconds: null, ...fields }) as Source;

test("the place of a source is one line", () => {
  expect(placeWords(source({ addresses: ["https://a.test/", "https://b.test/"] }))).toBe("https://a.test/ and 1 more");
  expect(placeWords(source({ repository: "https://git.test/docs", branch: "main" }))).toBe(
    "https://git.test/docs, main",
  );
  expect(placeWords(source({ endpoint: "https://s3.test", bucket: "docs", prefix: "en/" }))).toBe(
    "https://s3.test/docs/en/",
  );
});

test("the counts of a sync leave out zeros", () => {
  const counts = { added: 1_200, changed: 0, deleted: 0, unchanged: 0, failed: 2 };
  expect(syncWords(source({ lastSync: counts }))).toBe("1,200 added, 2 failed");
  expect(syncWords(source({ lastSync: null }))).toBe("Not synchronised yet");
});

test("a schedule is shown in its largest whole unit", () => {
  expect(scheduleWords(source({}))).toBe("When requested");
  expect(scheduleWords(source({ everySeconds: 86_400 }))).toBe("Every day");
  expect(scheduleWords(source({ everySeconds: 21_600 }))).toBe("Every 6 hours");
  expect(scheduleWords(source({ everySeconds: 300 }))).toBe("Every 5 minutes");
  expect(scheduleWords(source({ everySeconds: 300, isEnabled: false }))).toBe("Paused");
});
