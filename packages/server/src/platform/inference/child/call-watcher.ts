import { randomBytes } from "node:crypto";
import type { InferenceTool, InferenceToolCall } from "../port.ts";
import type { CallMarks } from "./chat-template.ts";
import { longestPartialEnd } from "./stop-scanner.ts";

/** The callbacks tell where a call begins and ends, so that the model can be held to a grammar in between. */
type Watch = {
  readonly tools: readonly InferenceTool[];
  readonly marks: CallMarks;
  /** `rest` is what came after the opening mark already. */
  readonly onOpened: (rest: string) => void;
  readonly onClosed: () => void;
};

/**
 * Tells calls of tools from other text in an answer in which the model may do either. Text is passed on as it comes;
 * what may become a call is held back, and given out as text after all if it names no known tool or is no JSON.
 */
export function createCallWatcher({ tools, marks, onOpened, onClosed }: Watch) {
  const calls: InferenceToolCall[] = [];
  let held = "";
  let isOpen = false;
  const isBare = marks.start === "";

  function takeClosedCalls(): string {
    let text = "";
    while (isOpen) {
      const end = held.indexOf(marks.end);
      if (end === -1) return text;
      text += finish(held.slice(0, end), held.slice(0, end + marks.end.length));
      held = held.slice(end + marks.end.length);
      isOpen = false;
      onClosed();
      text += openNext();
    }
    return text;
  }
  /** The text of a call's body that was none, or nothing. */
  function finish(body: string, raw: string): string {
    const call = readCall(body, tools);
    if (!call) return `${marks.start}${raw}`;
    calls.push(call);
    return "";
  }
  function openNext(): string {
    const start = held.indexOf(marks.start);
    if (start === -1) {
      const keep = longestPartialEnd(held, [marks.start]);
      const text = held.slice(0, held.length - keep);
      held = held.slice(held.length - keep);
      return text;
    }
    const text = held.slice(0, start);
    held = held.slice(start + marks.start.length);
    isOpen = true;
    onOpened(held);
    return trimmedBeside(text, calls);
  }

  return {
    calls,
    /** The part of the answer so far that is certainly text and was not given out before. */
    push(text: string): string {
      held += text;
      if (isBare) return held.trimStart() === "" || held.trimStart().startsWith("{") ? "" : this.release();
      const before = isOpen ? "" : openNext();
      return trimmedBeside(before + takeClosedCalls(), calls);
    },
    /** What is left when the answer is over: text that was no call after all. */
    end(): string {
      if (isBare || isOpen) {
        const rest = held;
        held = "";
        return rest.trim() === "" ? "" : finish(rest, rest);
      }
      return trimmedBeside(this.release(), calls);
    },
    release(): string {
      const text = held;
      held = "";
      return text;
    },
  };
}
export type CallWatcher = ReturnType<typeof createCallWatcher>;

/** The line ends that stand between calls are not an answer. */
const trimmedBeside = (text: string, calls: readonly InferenceToolCall[]) =>
  calls.length > 0 && text.trim() === "" ? "" : text;

/** Reads `{"name": …, "arguments": {…}}`; some models say `parameters`. Undefined when it is no call of one of the tools. */
export function readCall(text: string, tools: readonly InferenceTool[]): InferenceToolCall | undefined {
  const value = parse(text.trim());
  if (typeof value !== "object" || value === null || !("name" in value)) return undefined;
  const tool = tools.find((one) => one.name === value.name);
  if (!tool) return undefined;
  const given = "arguments" in value ? value.arguments : "parameters" in value ? value.parameters : {};
  return toCall(tool.name, typeof given === "string" ? given : JSON.stringify(given));
}

export const toCall = (name: string, args: string): InferenceToolCall => ({
  id: `call_${randomBytes(12).toString("hex")}`,
  name,
  arguments: args,
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
