import { PRIVACY_DETECTORS } from "@treadle/contract";
import { DETECTORS } from "@treadle/guards";
import fc from "fast-check";
import { expect, test } from "vitest";
import { makeSpan } from "../traces/testing/make-span.ts";
import { createRedactor } from "./redactor.ts";
import { makeRules } from "./testing/make-rules.ts";

const EMAIL = "ada@example.org";
const CARD = "4111111111111111";
/** Built from parts, so that scanners of this repository do not report it as a real key. */
const TOKEN = ["gh", "p_", "pLaNtEd1b2C3d4E5f6G7h8I9j0KlMnOpQrSt"].join("");
const redactor = createRedactor(makeRules());
const inputs = (value: unknown) => redactor.begin().value("inputs", value);

test("the detectors of the contract are deterministic and need only a part of a text", () => {
  const fitting = Object.values(DETECTORS).filter(
    ({ isDeterministic, need }) => isDeterministic && typeof need === "object",
  );
  expect(PRIVACY_DETECTORS.toSorted()).toEqual(fitting.map(({ name }) => name).toSorted());
});

test.each([
  [`Mail ${EMAIL}.`, "Mail [EMAIL]."],
  [
    [EMAIL, 5, null, true],
    ["[EMAIL]", 5, null, true],
  ],
  [{ deep: { [EMAIL]: EMAIL } }, { deep: { "[EMAIL]": "[EMAIL]" } }],
  [
    { [EMAIL]: 1, "eve@example.org": 2 },
    { "[EMAIL]": 1, "[EMAIL]_2": 2 },
  ],
  [Number(CARD), "[CARD]"],
  [JSON.stringify({ to: EMAIL }), '{"to":"[EMAIL]"}'],
  [JSON.stringify(JSON.stringify([EMAIL])), JSON.stringify(JSON.stringify(["[EMAIL]"]))],
  ['{"to":"ada\\u0040example.org"}', '{"to":"[EMAIL]"}'],
  ['called with {"to":"ada\\u0040example.org"}', 'called with {"to":"[EMAIL]"}'],
  [{ password: "hunter2xyz" }, { password: "[PASSWORD]" }],
  [{ "user.password": "hunter2xyz" }, { "user.password": "[PASSWORD]" }],
  [new Map([["k", [EMAIL]]]), new Map([["k", ["[EMAIL]"]]])],
  [
    { type: "blob", content: "AAAA", mime_type: "image/png" },
    { type: "blob", content: "", mime_type: "image/png", size_bytes: 3 },
  ],
  ["data:image/png;base64,AAAA", "[withheld: image/png, 26 characters]"],
])("%j becomes %j", (value, redacted) => {
  expect(inputs(value)).toEqual(redacted);
});

test("what has no finding stays the same object", () => {
  const value = { a: [{ b: "c", n: 123456789, t: 1764585600000 }], json: '{"x":  1}', id: "chatcmpl-9f8s7df98s7df" };
  expect(inputs(value)).toBe(value);
});

test("an encoded value is found, and nothing of it is left", () => {
  const encoded = Buffer.from(`Please write to ${EMAIL} today.`).toString("base64");
  expect(inputs(`see ${encoded} there`)).toMatch(/^see \[EMAIL\]=* there$/);
});

test("no way to split a value over the parts of a message hides it", () => {
  const whole = ` key ${TOKEN} mail ${EMAIL} `;
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: whole.length - 1 }), { maxLength: 6 }), (cuts) => {
      const places = [0, ...cuts.toSorted((one, two) => one - two), whole.length];
      const parts = places.slice(1).map((end, at) => ({ type: "text", content: whole.slice(places[at], end) }));
      const stored = JSON.stringify(inputs([{ role: "user", parts }]));
      for (const mark of ["pLaNtEd", "MnOpQ", "ada@", "@example"]) expect(stored).not.toContain(mark);
      const joined = (inputs(parts) as typeof parts).map(({ content }) => content).join("");
      expect(joined).not.toMatch(/pLaNtEd|ada@example/);
    }),
  );
});

test("a hash is equal for equal values of a project, whatever their notation", () => {
  const hashing = createRedactor(makeRules({ replacement: "hash" }));
  const other = createRedactor(makeRules({ replacement: "hash", hashKey: "f0".repeat(32) }));
  const text = (of: typeof hashing, value: string) => of.text("inputs", value);
  expect(text(hashing, EMAIL)).toMatch(/^\[EMAIL_[0-9a-f]{16}\]$/);
  expect(text(hashing, EMAIL.toUpperCase())).toBe(text(hashing, EMAIL));
  expect(text(hashing, "4111 1111 1111 1111")).toBe(text(hashing, CARD));
  expect(text(other, EMAIL)).not.toBe(text(hashing, EMAIL));
  expect(text(hashing, "eve@example.org")).not.toBe(text(hashing, EMAIL));
});

test("ids are hashed under either replacement, and ids without a finding stay", () => {
  const { id } = redactor.begin();
  expect(id("user-id", EMAIL)).toMatch(/^\[EMAIL_[0-9a-f]{16}\]$/);
  expect(id("session-id", "session-17")).toBe("session-17");
});

test("only the chosen fields are redacted, and tools have their own", () => {
  const { begin } = createRedactor(makeRules({ fields: ["tool-arguments"] }));
  const call = { type: "tool_call", name: "send", arguments: { to: EMAIL } };
  const parts = [{ type: "text", content: EMAIL }, call, { type: "tool_call_response", response: EMAIL }];
  expect(begin().value("inputs", parts)).toEqual([parts[0], { ...call, arguments: { to: "[EMAIL]" } }, parts[2]]);
  expect(begin().value("attributes", parts)).toBe(parts);
});

test("a text that is too long is withheld or cut, and a value at the cut is not stored in part", () => {
  const long = `${"word ".repeat(198_400)}${EMAIL} ${"word ".repeat(10_000)}`;
  const withheld = redactor.begin();
  expect(withheld.value("inputs", long)).toBe(`[withheld: ${long.length} characters are too many to scan]`);
  expect([...withheld.attributes()]).toEqual([["treadle.privacy.withheld.too_long", 1]]);
  const cutting = createRedactor(makeRules({ failure: "cut" })).begin();
  const stored = cutting.value("inputs", long);
  expect(stored.length).toBeLessThan(1_000_000);
  expect(stored).not.toContain("ada@");
  expect(stored).toMatch(/ characters were not scanned\]$/);
  expect(cutting.attributes().get("treadle.privacy.cut")).toBe(1);
});

test("the texts of one span are scanned up to a total length", () => {
  const texts = Array.from({ length: 6 }, () => "word ".repeat(190_000));
  const stored = inputs(Object.fromEntries(texts.entries())) as Record<string, string>;
  expect(Object.values(stored).map((text) => text.startsWith("[withheld"))).toEqual([
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
});

test("a detector that fails withholds each text that it should have read", () => {
  const failing = createRedactor(makeRules({ detectors: [{ detector: "unknown", options: {} }] }));
  const span = failing.span(makeSpan({ input: [{ role: "user", content: EMAIL }], userId: EMAIL }));
  expect(JSON.stringify(span)).not.toContain("example.org");
  expect(JSON.stringify(span.input)).toContain("[withheld: 15 characters could not be scanned]");
  expect(span.attributes["treadle.privacy.withheld.failed"]).toBeGreaterThan(2);
});

test("findings are counted by kind with their places, and never show a value", () => {
  const redaction = redactor.begin();
  redaction.value("inputs", [`Mail ${EMAIL}`, `${EMAIL}, ${CARD}`]);
  expect(Object.fromEntries(redaction.attributes())).toEqual({
    "treadle.privacy.count.email": 2,
    "treadle.privacy.count.card": 1,
    "treadle.privacy.offsets": [
      {
        kind: "email",
        field: "inputs",
        offsets: [
          [0, 5, 20],
          [1, 0, 15],
        ],
      },
      { kind: "card", field: "inputs", offsets: [[1, 17, 33]] },
    ],
  });
});

test("a trace outside the share keeps its measures and none of its content", () => {
  const rules = makeRules({ contentShare: 0, detectors: [] });
  const span = createRedactor(rules).span(
    makeSpan({
      input: "secret",
      output: "secret",
      errorMessage: "secret",
      parameters: { temperature: 0.5, stop: ["secret"] },
      attributes: { note: "secret", count: 5, "gen_ai.request.model": "m", "resource.host": "h" },
      events: [{ name: "e", time: new Date().toISOString(), attributes: { note: "secret" } }],
      inputTokens: 7,
      tags: ["kept"],
    }),
  );
  expect(JSON.stringify(span)).not.toContain("secret");
  expect(span).toMatchObject({ input: null, inputTokens: 7, tags: ["kept"], parameters: { temperature: 0.5 } });
  expect(span.attributes).toEqual({
    count: 5,
    "gen_ai.request.model": "m",
    "resource.host": "h",
    "treadle.privacy.content": "not-sampled",
  });
});

test("about the share of the traces is chosen, and each trace always the same way", () => {
  const { storesContent } = createRedactor(makeRules({ contentShare: 0.25 }));
  const ids = Array.from({ length: 4_000 }, (_, at) => at.toString(16).padStart(32, "0"));
  const chosen = ids.filter(storesContent);
  expect(chosen.length / ids.length).toBeGreaterThan(0.22);
  expect(chosen.length / ids.length).toBeLessThan(0.28);
  expect(ids.filter(storesContent)).toEqual(chosen);
});
