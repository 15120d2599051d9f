import { isRecord } from "../../../../kernel/is-record.ts";
import { readExtraFields, writeExtraFields } from "./extra-fields.ts";
import { inOrder, isMessages, readTools } from "./messages.ts";
import { refuse, type Shape } from "./shape.ts";
import { readPrompt, readSide } from "./trl-preference.ts";

const OWN: ReadonlySet<string> = new Set(["prompt", "completion", "label", "tools"]);

/** A truth value, also as a table writes it. */
const truthOf = (value: unknown): boolean | null =>
  value === true || value === "true" || value === "True"
    ? true
    : value === false || value === "false" || value === "False"
      ? false
      : null;

export const kto: Shape = {
  id: "kto",
  label: "TRL KTO",
  description: "`prompt`, `completion` and a `label` that is true for good completions.",
  fits: (row) => "prompt" in row && "completion" in row && truthOf(row.label) !== null,
  read(row) {
    const label = truthOf(row.label);
    if (label === null) return refuse("/label", "It is neither true nor false.");
    const inputs = { messages: readPrompt(row.prompt), ...readTools(row.tools, "/tools") };
    return {
      ...readExtraFields(row, OWN),
      inputs,
      expected: { completion: readSide(row.completion, "/completion"), label },
    };
  },
  write(item) {
    const { inputs, expected } = item;
    const { messages, ...others } = inputs;
    if (!isMessages(messages)) return refuse("/inputs/messages", "It is not a list of messages.");
    if (!isRecord(expected) || !isMessages(expected.completion) || typeof expected.label !== "boolean")
      return refuse("/expected", "It has no completion with a label. Use the shape treadle.");
    return {
      prompt: messages.map(inOrder),
      completion: expected.completion.map(inOrder),
      label: expected.label,
      ...others,
      ...writeExtraFields(item),
    };
  },
};
