import { describe, expect, test } from "vitest";
import { parsePullSource } from "./parse-source.ts";

describe("what can be pulled", () => {
  test("is a name of the catalogue, a file of the hub, or a file of this machine", () => {
    expect(parsePullSource("smollm2-135m-instruct")).toMatchObject({
      kind: "catalogue",
      modelId: "smollm2-135m-instruct",
    });
    expect(parsePullSource("hf:Owner/Some-Model-GGUF/Some Model.gguf".replace(" ", "-"))).toEqual({
      kind: "hub",
      modelId: "some-model",
      hub: { repo: "Owner/Some-Model-GGUF", file: "Some-Model.gguf", revision: "main" },
    });
    expect(parsePullSource("hf:o/r/deep/er/m.Q4_K_M.GGUF@refs/pr/3")).toEqual({
      kind: "hub",
      modelId: "m.q4_k_m",
      hub: { repo: "o/r", file: "deep/er/m.Q4_K_M.GGUF", revision: "refs/pr/3" },
    });
    expect(parsePullSource("/models/My Model (1).gguf")).toEqual({
      kind: "file",
      modelId: "my-model-1",
      path: "/models/My Model (1).gguf",
    });
  });

  test.each([
    "nobody",
    "",
    "model.gguf",
    "./model.gguf",
    "../model.gguf",
    "https://example.com/model.gguf",
    "file:///etc/passwd",
    "hf:owner/model.gguf",
    "hf:owner/repo/model.bin",
    "hf:owner/repo/../../model.gguf",
    "hf:../repo/model.gguf",
    "hf:owner/repo/./model.gguf",
    "hf:owner/repo//model.gguf",
    "hf:owner/repo/model.gguf@../main",
    "hf:owner/repo/model.gguf?x=1",
    "hf:owner/repo/a#b.gguf",
    "hf:owner/repo/%2e%2e/m.gguf",
  ])("is not %j", (source) => {
    expect(() => parsePullSource(source)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });
});
