import { expect, test } from "vitest";
import type { Message } from "../items/messages.ts";
import { findBroken, NAMES_OF_CHECKS } from "./conversation.ts";

const user = (content: string): Message => ({ role: "user", content });
const assistant = (content: string): Message => ({ role: "assistant", content });
const call = {
  role: "assistant",
  content: null,
  tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: "{}" } }],
};
const result = { role: "tool", tool_call_id: "c1", content: "4" };
const broken = (...messages: readonly Message[]) => findBroken(messages, NAMES_OF_CHECKS);

const ASKED = "How do I find out where my card is now?";
const ANSWER = "Open the app, choose Cards, and look at Delivery. It shows the day on which it should arrive.";

test.each<[string, readonly Message[]]>([
  ["question and answer", [user(ASKED), assistant(ANSWER)]],
  ["a system message first", [{ role: "system", content: "Be brief." }, user(ASKED), assistant("Yes")]],
  ["a call with its result", [user(ASKED), call, result, assistant("It is 4.")]],
  ["an answer that is a call", [user(ASKED), call]],
  ["a long answer that ends in code", [user(ASKED), assistant(`${ANSWER}\n\`\`\`\nx = 1\n\`\`\``)]],
  ["sorry for a delay is no refusal", [user(ASKED), assistant("I'm sorry for the delay. It arrives on Monday.")]],
])("nothing is wrong with %s", (_, messages) => {
  expect(broken(...messages)).toBeNull();
});

test.each<[string, readonly Message[]]>([
  ["no-answer", [user(ASKED)]],
  ["empty-turn", [user("  "), assistant(ANSWER)]],
  ["role-order", [user(ASKED), user("Hello?"), assistant(ANSWER)]],
  ["role-order", [user(ASKED), { role: "system", content: "Be brief." }, assistant(ANSWER)]],
  ["unclosed-call", [user(ASKED), call, user("And?"), assistant(ANSWER)]],
  ["unclosed-call", [user(ASKED), call, { ...result, tool_call_id: "c2" }, assistant(ANSWER)]],
  ["repeated-turn", [user(ASKED), assistant("In the app."), user(ASKED), assistant("As I said.")]],
  ["echo", [user(ASKED), assistant(`${ASKED} `)]],
  ["template-leak", [user(ASKED), assistant("Sure.<|im_end|>")]],
  ["template-leak", [user(ASKED), assistant("Sure.\n\nHuman: and then?")]],
  ["refusal", [user(ASKED), assistant("I'm sorry, but I can't assist with that.")]],
  ["refusal", [user(ASKED), assistant("As an AI language model, I do not have personal opinions.")]],
  ["truncated", [user(ASKED), assistant(`${ANSWER} Then you should also look at the`)]],
])("%s is found", (name, messages) => {
  expect(broken(...messages)).toBe(name);
});
