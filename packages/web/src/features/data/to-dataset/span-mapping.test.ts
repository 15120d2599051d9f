import { expect, test } from "vitest";
import { mappingOf, START } from "./span-mapping.ts";

test("incomplete rows of a mapping are not sent", () => {
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
