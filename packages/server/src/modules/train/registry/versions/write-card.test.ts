import type { ModelVersion, RegistryModel } from "@treadle/contract";
import { expect, test } from "vitest";
import { writeCard } from "./write-card.ts";

const MADE_AT = "2026-01-01T00:00:00.000Z";
const model: RegistryModel = {
  name: "tuned",
  description: "",
  tags: {},
  keepVersions: null,
  retention: "project",
  aliases: [],
  latest: null,
  versions: 1,
  createdBy: "Ada",
  createdAt: MADE_AT,
  updatedAt: MADE_AT,
};
const score = { name: "held out", value: 0.8, low: 0.49, high: 0.94, baseline: 0.5, pValue: 0.01, items: 10 };

const version = (more: Partial<ModelVersion> = {}): ModelVersion => ({
  versionId: "mv_1",
  name: "tuned",
  version: 1,
  format: "gguf-adapter",
  formats: ["gguf-adapter"],
  stage: "none",
  facts: {
    architecture: null,
    parameters: null,
    quantisation: null,
    contextTokens: null,
    rank: null,
    alpha: null,
    license: null,
  },
  aliases: [],
  runId: "run_1",
  source: "the training run run_1",
  sizeBytes: 1,
  fileCount: 1,
  remote: null,
  base: { ref: "local:tiny", hash: null, version: null },
  data: [
    {
      ref: "support@1",
      datasetId: "ds_1",
      version: "1",
      root: null,
      rows: 3,
      target: "expected",
      prompt: [{ role: "user", content: "Intent of: {{text}}" }],
    },
  ],
  training: {
    method: "sft",
    hyperparameters: { learning_rate: 0.0002, "lora.r": 8 },
    chatTemplate: "model",
    versions: { torch: "2.13.0", peft: "0.21.2" },
  },
  filesRemovedAt: null,
  sha256: "c".repeat(64),
  tags: { method: "sft", team: "a" },
  notes: "",
  limits: "",
  license: null,
  licenseFrom: null,
  canServe: true,
  whyNot: null,
  pending: null,
  createdBy: "Ada",
  createdAt: MADE_AT,
  evaluation: null,
  ...more,
});
const cardOf = (more: Partial<ModelVersion> = {}) => writeCard({ model, version: version(more), files: [] });

test("the tags of a card are values, not the names of their keys", () => {
  expect(cardOf()).toContain('tags: ["gguf-adapter","sft","team:a"]');
});

test("a card has the hyper-parameters, the prompt format and the versions of the libraries", () => {
  const card = cardOf();
  expect(card).toContain("| learning_rate | 0.0002 |");
  expect(card).toContain("| peft | 0.21.2 |");
  expect(card).toContain("```\nuser: Intent of: {{text}}\n```");
  expect(cardOf({ training: null })).not.toContain("## Training");
});

test("the interval of the value and the interval of the difference are shown separately", () => {
  const old = { ...score, name: "kept by an older Treadle", low: 0.6, high: 1 };
  const scores = [{ ...score, difference: { value: 0.3, low: 0.1, high: 0.5 } }, old];
  const card = cardOf({ evaluation: { verdict: "better", summary: "Better.", experimentId: null, scores } });
  expect(card).toContain("| held out | 0.800 | 0.490 to 0.940 | 0.500 | +0.300 | 0.100 to 0.500 | 0.010 | 10 |");
  // That interval was the base plus the interval of the difference, which is the interval of neither.
  expect(card).toContain("| kept by an older Treadle | 0.800 |  | 0.500 |  |  | 0.010 | 10 |");
});
