import { createMasks, DETECTORS, type Detectors, judgeText, prepareText, type Rule, TRUSTS } from "@treadle/guards";
import { describe, expect, test } from "vitest";
import { createAhead } from "./ahead.ts";
import { createTextReading, type ReadOrder } from "./read-texts.ts";
import type { ReadElsewhere } from "./text-reader.ts";
import type { Place, TextVisitor } from "./text-visitor.ts";

const detectors = new Map(Object.entries(DETECTORS)) as unknown as Detectors;
const closed = { "too-long": "closed", failed: "closed", timeout: "closed", "unknown-content": "closed" } as const;
const ruleOf = (detector: string, more: Partial<Rule> = {}): Rule => ({
  detector,
  options: detector === "personal-data" ? { countries: ["us"] } : {},
  scopes: TRUSTS,
  action: "redact",
  threshold: 0.5,
  failure: closed,
  ...more,
});
const WORDS = "Some ordinary words, and then a few more of them. ";
const long = (end: string) => WORDS.repeat(400) + end;

/** Reads the texts of a call in a copy of what another thread would get. */
function setUp(rules: readonly Rule[], read?: ReadElsewhere) {
  const orders: ReadOrder[] = [];
  const reading = createTextReading({ detectors, prepare: prepareText });
  const elsewhere: ReadElsewhere = async (order) => {
    orders.push(order);
    return read ? read(order) : structuredClone(reading(structuredClone(order)));
  };
  const policy = { rules };
  const call = {
    systemPrompt: "The secret plan of the mill is to weave eight hundred metres of linen every day.",
    keyId: "key_1",
  };
  const now = () => 0;
  const ahead = createAhead({ read: elsewhere, policy, detectors, call, now });
  const judging = { policy, detectors, prepare: prepareText, call, masks: createMasks(), now, ahead };
  return {
    ahead,
    orders,
    judge: (text: string, { trust }: Pick<Place, "trust">) => judgeText(text, { ...judging, trust }),
  };
}
type Text = readonly [text: string, trust: Place["trust"]];
const walkOf = (texts: readonly Text[]) => (visitor: TextVisitor) => {
  for (const [place, [text, trust]] of texts.entries())
    visitor.text(text, { trust, path: `messages.${place}.content` });
};
const timeless = ({ reads: _, ms: _ms, ...verdict }: ReturnType<typeof judgeText>) => verdict;

describe("long texts of a call", () => {
  test("are read elsewhere, with the same verdicts as here", async () => {
    const rules = [
      ruleOf("personal-data"),
      ruleOf("secrets", { scopes: ["user"] }),
      ruleOf("prompt-leak"),
      ruleOf("missing"),
    ];
    const texts: Text[] = [
      [long("Write to ann@example.com."), "user"],
      [long("The secret plan of the mill is to weave eight hundred metres of linen every day."), "output"],
      ["Or bob@example.com", "user"],
    ];
    const { ahead, orders, judge } = setUp(rules);
    await ahead.read(walkOf(texts));
    expect(orders).toHaveLength(1);
    const here = setUp(rules);
    for (const [text, trust] of texts) {
      expect(timeless(judge(text, { trust }))).toEqual(timeless(here.judge(text, { trust })));
      expect(ahead.of({ text, trust, isAnswer: false })?.rules.length).toBeGreaterThan(0);
    }
    expect(judge(texts[1]?.[0] ?? "", { trust: "output" }).findings.map(({ kind }) => kind)).toEqual(["system-prompt"]);
  });

  test("that are short together are judged here", () => {
    const { ahead, orders } = setUp([ruleOf("secrets")]);
    expect(
      ahead.read(
        walkOf([
          [WORDS, "user"],
          [WORDS.repeat(100), "user"],
        ]),
      ),
    ).toBeNull();
    expect(orders).toEqual([]);
  });

  test("are not read if no rule reads them, and each is read once", async () => {
    const { ahead, orders } = setUp([ruleOf("secrets", { scopes: ["user"] })]);
    const texts: Text[] = [
      [long("a"), "output"],
      [long("b"), "user"],
      [long("b"), "user"],
    ];
    await ahead.read(walkOf(texts));
    expect(orders.flatMap(({ texts: read }) => read.map(({ trust }) => trust))).toEqual(["user"]);
    expect(ahead.read(walkOf(texts))).toBeNull();
  });

  test("are divided into orders, and a text of any length stays whole", async () => {
    const { ahead, orders } = setUp([ruleOf("secrets")]);
    const texts = [30_000, 30_000, 30_000, 90_000, 10].map(
      (size, place): Text => [`${place}${"a ".repeat(size / 2)}`, "user"],
    );
    await ahead.read(walkOf(texts));
    expect(orders.map(({ texts: read }) => read.length)).toEqual([2, 1, 1, 1]);
  });

  test.each(["failed", "timeout"] as const)("that could not be read there were not scanned: %s", async (reason) => {
    const { ahead, judge } = setUp(
      [ruleOf("secrets"), ruleOf("personal-data", { failure: { ...closed, [reason]: "open" } })],
      async () => reason,
    );
    await ahead.read(walkOf([[long(""), "user"]]));
    expect(judge(long(""), { trust: "user" })).toMatchObject({
      action: "block",
      notScanned: reason,
      unscanned: [
        { rule: 0, reason, isBlocking: true },
        { rule: 1, reason, isBlocking: false },
      ],
    });
  });

  test("take only the facts of the call along that their rules use", async () => {
    const plain = setUp([ruleOf("secrets")]);
    await plain.ahead.read(walkOf([[long(""), "output"]]));
    expect(plain.orders[0]?.facts).toEqual({ keyId: "key_1", systemPrompt: "", sources: [] });
    const leak = setUp([ruleOf("prompt-leak")]);
    await leak.ahead.read(walkOf([[long(""), "output"]]));
    expect(leak.orders[0]?.facts.systemPrompt).toContain("The secret plan");
  });
});
