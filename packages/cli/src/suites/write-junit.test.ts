import { expect, test } from "vitest";
import { decision, row } from "./testing/decisions.ts";
import { writeJunit } from "./write-junit.ts";

const junit = (given: Parameters<typeof decision>[0], failed: { itemId: string; message: string }[] = []) =>
  writeJunit(decision(given), { suite: "replies", failed });

test("a regression is a failure and carries its numbers", () => {
  const xml = junit({});
  expect(xml).toContain('<testsuite name="replies" tests="1" failures="1" errors="0" skipped="0"');
  expect(xml).toContain('<failure type="regression" message="REGRESSION: It fell by more than 0.02."/>');
  expect(xml).toContain('<property name="difference" value="-0.081"/>');
});

test("what could not be decided and an item without an answer are errors, a quarantined item is skipped", () => {
  const quarantined = {
    suite: "replies",
    itemId: "it_q",
    reason: "flaky",
    createdBy: "user_1",
    createdAt: "2026-01-02T03:04:05Z",
  };
  const xml = junit(
    {
      outcome: "inconclusive",
      exitCode: 3,
      scorers: [row({ outcome: "inconclusive", verdict: "inconclusive" })],
      quarantined: [quarantined],
    },
    [{ itemId: "it_e", message: "429 Too many" }],
  );
  expect(xml).toContain('tests="3" failures="0" errors="2" skipped="1"');
  expect(xml).toContain('<error type="inconclusive"');
  expect(xml).toContain('name="it_e"><error type="provider" message="429 Too many"/>');
  expect(xml).toContain('name="it_q"><skipped message="quarantined: flaky"/>');
});

test("a failed gate without a failed score, such as without answers, is a separate error", () => {
  const xml = junit({
    outcome: "provider-errors",
    exitCode: 4,
    scorers: [row({ outcome: "pass" })],
    headline: "No answer came.",
  });
  expect(xml).toContain('name="gate"><error type="provider-errors" message="No answer came."/>');
  expect(junit({ outcome: "pass", exitCode: 0, scorers: [row({ outcome: "pass" })] })).toContain(
    'failures="0" errors="0"',
  );
});

test("names and messages of any kind make well-formed XML", () => {
  const xml = junit({ scorers: [row({ name: 'a<b>&"c"', reason: "bell \u0007, half \ud800, line\nnext, 😀" })] });
  expect(xml).toContain('name="a&lt;b&gt;&amp;&quot;c&quot;"');
  expect(xml).toContain("bell , half \ufffd, line&#10;next, 😀");
});
