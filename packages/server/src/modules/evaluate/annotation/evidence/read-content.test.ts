import { AnnotationContent, annotationFieldText } from "@treadle/contract";
import { expect, test } from "vitest";
import { correctionOf, exchangeOf } from "./read-content.ts";

const user = (content: string) => ({ role: "user", content });
const assistant = (content: string) => ({ role: "assistant", content });
const conversation = (...value: object[]) =>
  AnnotationContent.parse({ fields: [{ key: "conversation", kind: "messages", value }] });

test("the last answer of a conversation is judged, and the messages before it are the prompt", () => {
  const content = conversation(user("One?"), assistant("1"), user("Two?"), assistant("2"), user("Thanks"));
  for (const key of [undefined, "conversation"])
    expect(exchangeOf(content, key)).toMatchObject({
      prompt: [user("One?"), assistant("1"), user("Two?")],
      answer: [assistant("2")],
    });
  expect(exchangeOf(conversation(user("Anybody?"))).prompt).toEqual([user("Anybody?")]);
});

test("the correction of a conversation is what became of its last answer, and none when what was before was changed", () => {
  const content = conversation(user("One?"), assistant("1"), user("Two?"), assistant("2"));
  const { before } = exchangeOf(content);
  const [field] = content.fields;
  const text = field ? annotationFieldText(field) : "";
  expect(correctionOf(text.replace(/2$/, "It is 2."), before)).toEqual([assistant("It is 2.")]);
  expect(correctionOf(text.replace("One?", "Eleven?"), before)).toEqual([]);
});

test("a conversation with candidates or an answer is used whole as the prompt", () => {
  const { fields } = conversation(user("One?"), assistant("1"), user("Two?"));
  const whole = [user("One?"), assistant("1"), user("Two?")];
  const beside = AnnotationContent.parse({ fields: [...fields, { key: "output", value: "2" }] });
  expect(exchangeOf(beside)).toMatchObject({ prompt: whole, answer: [assistant("2")] });
  const candidate = { id: "a", fields: [{ key: "output", value: "2" }] };
  expect(exchangeOf(AnnotationContent.parse({ fields, candidates: [candidate] })).prompt).toEqual(whole);
});
