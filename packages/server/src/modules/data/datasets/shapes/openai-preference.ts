import { isRecord } from "../../../../kernel/is-record.ts";
import { asPreference } from "./as-chat.ts";
import { readExtraFields, writeExtraFields } from "./extra-fields.ts";
import { readMessages, readTools } from "./messages.ts";
import { refuse, type Shape } from "./shape.ts";

const OWN: ReadonlySet<string> = new Set(["input", "preferred_output", "non_preferred_output"]);

export const openaiPreference: Shape = {
  id: "openai-preference",
  label: "OpenAI preference",
  description:
    "`input` with messages and tools, `preferred_output` and `non_preferred_output`. OpenAI uses this format for DPO.",
  fits: (row) => "preferred_output" in row && "non_preferred_output" in row,
  read(row) {
    if (!isRecord(row.input)) return refuse("/input", 'It is not an object. Write {"input": {"messages": […]}}.');
    const { messages, tools, ...others } = row.input;
    const inputs = {
      ...others,
      messages: readMessages(messages, "/input/messages"),
      ...readTools(tools, "/input/tools"),
    };
    const chosen = readMessages(row.preferred_output, "/preferred_output");
    const rejected = readMessages(row.non_preferred_output, "/non_preferred_output");
    return { ...readExtraFields(row, OWN), inputs, expected: { chosen, rejected } };
  },
  write(item) {
    const { messages, others, chosen, rejected } = asPreference(item);
    return {
      input: { ...others, messages },
      preferred_output: chosen,
      non_preferred_output: rejected,
      ...writeExtraFields(item),
    };
  },
};
