import { expect, test } from "vitest";
import { mappingOf, START } from "./span-mapping.ts";

test("a mapping is sent without the rows that are half written", () => {
  const mapping = {
    ...START,
    metadata: [
      { key: "tenant", path: "metadata.tenant" },
      { key: "x", path: "" },
    ],
    split: " train ",
  };
  expect(mappingOf(mapping)).toEqual({
    inputs: { messages: "input.messages" },
    expected: "output.message",
    metadata: { tenant: "metadata.tenant" },
    split: "train",
  });
  expect(mappingOf({ ...START, expected: "" })).toMatchObject({ expected: null, split: null });
});
