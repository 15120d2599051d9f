import { createHash } from "node:crypto";
import type { Scores } from "./evaluate.ts";
import { type Count, countReaching, inPercent, thresholdAt, toTable } from "./evaluate.ts";
import { bySource, insertAttacks, isDocument, measureTexts } from "./folds.ts";
import { probabilityOf, rawOf } from "./raw-scores.ts";
import type { Data, Entry, Text } from "./texts.ts";
import { PUBLISHED_SHARE, STRICT_SHARE, type Trained } from "./train-model.ts";

/** The tables of the model card. */
export function toReport(data: Data, trained: Trained, file: Uint8Array): string {
  const checksum = createHash("sha256").update(file).digest("hex");
  return [
    `Weights: ${file.length} bytes, SHA-256 ${checksum}. ` +
      `Thresholds: ${trained.thresholds.map((threshold) => threshold.toFixed(4)).join(" at 1 %, ")} at .1 % of ordinary texts.`,
    section("Held-out attacks", heldOutTable(trained)),
    section("Benign texts", benignTable(data, trained)),
    section("Texts by source", sourceTable(data)),
    `Rounding the weights to bytes changes the verdict on ${changedVerdicts(data, trained)}.\n`,
  ].join("\n\n");
}

const section = (title: string, body: string) => `### ${title}\n\n${body}`;

/** Recall of each source by the model that was trained without it. Its thresholds come from its scores of ordinary texts. */
function heldOutTable({ folds, model }: Trained): string {
  const rows = folds.flatMap((fold) => {
    const ordinary = bySource(fold.ordinary, model);
    const cuts = [thresholdAt(ordinary, PUBLISHED_SHARE), thresholdAt(ordinary, STRICT_SHARE)];
    const toRow = (scores: Scores, name = scores.source) => ({
      name,
      n: scores.scores.length,
      counts: cuts.map((cut) => countReaching(scores, cut)),
    });
    const merged = { source: "", scores: bySource(fold.documents, model).flatMap(({ scores }) => scores) };
    return [
      ...bySource(fold.attacks, model).map((scores) => toRow(scores)),
      toRow(merged, `${fold.group}, in documents`),
    ];
  });
  return toTable(
    ["Source held out", "Texts", "Recall at 1 %", "Recall at .1 %"],
    rows.filter(({ n }) => n > 0).map(({ name, n, counts }) => [name, `${n}`, ...counts.map(inPercent)]),
  );
}

/** The share of benign texts that the shipped model flags. None of these texts was trained on. */
function benignTable({ texts }: Data, { model, thresholds, corpus }: Trained): string {
  const kinds: readonly [string, (text: Text) => boolean][] = [
    ["ordinary prompts, public set", ({ role }) => role === "ordinary-test"],
    ["hard, unseen part", ({ role }) => role === "hard-test"],
    ["chose the threshold", ({ role }) => role === "ordinary"],
  ];
  const rows = kinds.flatMap(([kind, isIn]) =>
    bySource(measureTexts(model, texts.filter(isIn)), model).map((scores) => benignRow(kind, scores, thresholds)),
  );
  const documents = texts.filter((text) => text.role === "hard-test" && isDocument(text));
  const seen = bySource(measureTexts(model, insertAttacks(corpus.attacks, documents)), model);
  const all = { source: "documents with attacks that were trained on", scores: seen.flatMap(({ scores }) => scores) };
  return toTable(
    ["Texts flagged by the shipped model", "Kind", "Texts", "At 1 %", "At .1 %"],
    [...rows, benignRow("attacks", all, thresholds)],
  );
}

const benignRow = (kind: string, scores: Scores, thresholds: readonly number[]) => [
  scores.source,
  kind,
  `${scores.scores.length}`,
  ...thresholds.map((threshold): Count => countReaching(scores, threshold)).map(inPercent),
];

/** Texts that no file of the manifest holds were written for the model. */
const WRITTEN = "written for this model";

function sourceTable({ entries, texts }: Data): string {
  const originOf = ({ url }: Entry) => url.split("/").slice(3, 5).join("/");
  const listOf = (values: readonly string[], none: string) => [...new Set(values)].join(", ") || none;
  const rows = [...Map.groupBy(texts, ({ source }) => source)].map(([source, own]) => {
    const files = entries.filter((entry) => entry.source === source);
    const origins = listOf(files.map(originOf), WRITTEN);
    const licences = listOf(
      files.map(({ licence }) => licence),
      "Apache-2.0",
    );
    return [
      source,
      origins,
      licences,
      listOf(
        own.map(({ role }) => role),
        "",
      ),
      `${own.length}`,
    ];
  });
  return toTable(["Source", "Origin", "License", "Use", "Texts"], rows);
}

function changedVerdicts({ texts }: Data, { model, exact, thresholds: [threshold] }: Trained): string {
  const isFlagged = (fitted: Trained["exact"], text: string) => probabilityOf(model, rawOf(fitted, text)) >= threshold;
  const changed = texts.filter(({ text }) => isFlagged(model, text) !== isFlagged(exact, text)).length;
  return `${changed} of ${texts.length} texts`;
}
