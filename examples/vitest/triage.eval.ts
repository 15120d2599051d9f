import { evaluate } from "@treadle/sdk/vitest";
import { expect, test } from "vitest";
import { triage } from "./triage.ts";

const itemsOf = (topic: string, questions: readonly string[]) =>
  questions.map((question) => ({ inputs: { question }, expected: topic, metadata: { topic } }));

const items = [
  ...itemsOf("refund", [
    "Can I have a refund?",
    "I want my money back.",
    "How do I return shoes?",
    "Refund for order 7?",
  ]),
  ...itemsOf("delivery", [
    "Where is my parcel?",
    "When will it arrive?",
    "Do you deliver to Oslo?",
    "The parcel is late.",
  ]),
  ...itemsOf("account", [
    "I forgot my password.",
    "I cannot log in.",
    "Close my account.",
    "Change my password, please.",
  ]),
];

test("a question about money goes to the desk for refunds", async () => {
  await expect(await triage("I want my money back!")).toScore("exact-match", { expected: "refund" });
});

test("questions go to their desks", async () => {
  const { outcome } = await evaluate({
    name: "triage",
    items,
    task: ({ inputs }) => triage(String(inputs.question)),
    scorers: ["exact-match", { kind: "length" }],
    floor: { "exact-match": 0.7 },
  });
  expect(outcome).toBe("pass");
});
