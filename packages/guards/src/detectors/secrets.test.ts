import { expect, test } from "vitest";
import { SECRET_PATTERNS } from "../secrets/secret-patterns.ts";
import { ownTexts } from "../testing/own-files.ts";
import { PLANTED_SECRETS, SURROUNDINGS, withChecksum } from "../testing/planted-secrets.ts";
import { prepareText } from "../text/prepare-text.ts";
import { secrets } from "./secrets.ts";

const kindsIn = (text: string) => secrets.find(prepareText(text), undefined).map(({ kind }) => kind);
test("there is a planted secret for each kind", () => {
  expect(Object.keys(PLANTED_SECRETS).toSorted()).toEqual(
    [...new Set(SECRET_PATTERNS.map(({ kind }) => kind))].toSorted(),
  );
});

test.each(Object.keys(PLANTED_SECRETS))("a planted secret of the kind %s is found wherever it is", (kind) => {
  for (const surround of SURROUNDINGS)
    for (let round = 0; round < 5; round++) {
      const text = surround(PLANTED_SECRETS[kind]?.() ?? "");
      expect(kindsIn(text), text).toContain(kind);
    }
});

test("a token with the issuer's checksum is certain, another one is not", () => {
  const right = withChecksum("ghp_");
  const wrong = `${right.slice(0, -1)}${right.endsWith("a") ? "b" : "a"}`;
  const scores = (text: string) => secrets.find(prepareText(text), undefined).map(({ score }) => score);
  expect(scores(right)).toEqual([1]);
  expect(scores(wrong)).toEqual([0.6]);
});

test("a secret in base64 is found at the encoded run", () => {
  const run = Buffer.from(`token ${withChecksum("ghp_")}`).toString("base64");
  const [finding] = secrets.find(prepareText(`see ${run} there`), undefined);
  expect(finding).toMatchObject({ kind: "github-token", view: "base64", start: 4 });
});

/** Examples in docs and test sets that have the form of a secret on purpose. */
const MOST_WRONG = 2;

test("the docs and the code of this repository hold almost nothing that looks like a secret", () => {
  const wrong: string[] = [];
  let files = 0;
  for (const { path, text } of ownTexts()) {
    files++;
    for (const { kind, start, end } of secrets.find(prepareText(text), undefined))
      wrong.push(`${path} ${kind} ${text.slice(start, Math.min(end, start + 60))}`);
  }
  expect(files).toBeGreaterThan(1000);
  expect(wrong.length, wrong.join("\n")).toBeLessThanOrEqual(MOST_WRONG);
});
