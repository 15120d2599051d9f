import { type Decision, OUTCOME_WORDS } from "./show-decision.ts";

/** An item that a provider gave no answer to. */
export type FailedItem = { readonly itemId: string; readonly message: string };

/**
 * A decision as JUnit XML (the form that Jenkins, GitHub and GitLab read). A score that regressed or is below its floor is a
 * failure; what could not be decided and an item without an answer are errors; a quarantined item is skipped. A score's case
 * carries its numbers as properties.
 */
export function writeJunit(
  decision: Decision,
  { suite, failed }: { suite: string; failed: readonly FailedItem[] },
): string {
  const scores = decision.scorers.map((row) => scoreCase(row, suite));
  const hasNoScoreToBlame = decision.outcome !== "pass" && decision.scorers.every(({ outcome }) => outcome === "pass");
  const whole = hasNoScoreToBlame
    ? [testCase({ suite, name: "gate", body: problem("error", decision.outcome, decision.headline) })]
    : [];
  const errors = failed.map(({ itemId, message }) =>
    testCase({ suite: `${suite}.items`, name: itemId, body: problem("error", "provider", message) }),
  );
  const skipped = decision.quarantined.map(({ itemId, reason }) =>
    testCase({
      suite: `${suite}.items`,
      name: itemId,
      body: `<skipped message="${escaped(`quarantined: ${reason}`)}"/>`,
    }),
  );
  const cases = [...scores, ...whole, ...errors, ...skipped];
  const count = (tag: string) => cases.filter((one) => one.includes(`<${tag} `)).length;
  const counts = `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="treadle gate" ${counts}>`,
    `<testsuite name="${escaped(suite)}" ${counts} timestamp="${decision.decidedAt}">`,
    ...cases,
    "</testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function scoreCase(row: Decision["scorers"][number], suite: string): string {
  const { outcome, reason } = row;
  const numbers = {
    base: row.meanBase,
    head: row.meanHead,
    difference: row.difference,
    p: row.pValue,
    items: row.items,
    low: row.interval?.low ?? null,
    high: row.interval?.high ?? null,
    verdict: row.verdict,
    test: row.test,
  };
  const properties = Object.entries(numbers)
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => `<property name="${name}" value="${escaped(String(value))}"/>`);
  const kind = outcome === "regression" || outcome === "below-floor" ? "failure" : "error";
  const body = outcome === "pass" ? "" : problem(kind, outcome, `${OUTCOME_WORDS[outcome]}: ${reason}`);
  return testCase({ suite, name: row.name, body: `<properties>${properties.join("")}</properties>${body}` });
}

const testCase = ({ suite, name, body }: { suite: string; name: string; body: string }) =>
  `<testcase classname="${escaped(suite)}" name="${escaped(name)}">${body}</testcase>`;

const problem = (kind: "failure" | "error", type: string, message: string) =>
  `<${kind} type="${type}" message="${escaped(message)}"/>`;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Characters that XML 1.0 has no place for are left out; line breaks stay, as references. */
const escaped = (text: string) =>
  [...text.toWellFormed()]
    .filter(isXml)
    .join("")
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
    .replace(/[\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`);

function isXml(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code >= 0x20 ? code !== 0xfffe && code !== 0xffff : code === 0x09 || code === 0x0a || code === 0x0d;
}
