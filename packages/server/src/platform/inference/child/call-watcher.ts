import { randomBytes } from "node:crypto";
import type { InferenceTool, InferenceToolCall } from "../port.ts";
import type { CallMarks } from "./chat-template.ts";
import { longestPartialEnd } from "./stop-scanner.ts";

/** The callbacks mark the start and the end of a call, so that a grammar applies in between. */
type Watch = {
  readonly tools: readonly InferenceTool[];
  readonly marks: CallMarks;
  /** `rest` is the text after the opening mark so far. */
  readonly onOpened: (rest: string) => void;
  readonly onClosed: () => void;
};

/**
 * Distinguishes tool calls from other text in an answer that may contain both. Text is passed on as it arrives. Text
 * that may become a call is held back, and passed on if it names no known tool or is not JSON.
 */
export function createCallWatcher({ tools, marks, onOpened, onClosed }: Watch) {
  const calls: InferenceToolCall[] = [];
  let buffered = "";
  let isOpen = false;
  const isBare = marks.start === "";

  function takeClosedCalls(): string {
    let text = "";
    while (isOpen) {
      const end = buffered.indexOf(marks.end);
      if (end === -1) return text;
      text += finish(buffered.slice(0, end), buffered.slice(0, end + marks.end.length));
      buffered = buffered.slice(end + marks.end.length);
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
    const start = buffered.indexOf(marks.start);
    if (start === -1) {
      const keep = longestPartialEnd(buffered, [marks.start]);
      const text = buffered.slice(0, buffered.length - keep);
      buffered = buffered.slice(buffered.length - keep);
      return text;
    }
    const text = buffered.slice(0, start);
    buffered = buffered.slice(start + marks.start.length);
    isOpen = true;
    onOpened(buffered);
    return trimmedBeside(text, calls);
  }

  return {
    calls,
    /** The part of the answer so far that is certainly text and was not given out before. */
    push(text: string): string {
      buffered += text;
      if (isBare) return buffered.trimStart() === "" || buffered.trimStart().startsWith("{") ? "" : this.release();
      const before = isOpen ? "" : openNext();
      return trimmedBeside(before + takeClosedCalls(), calls);
    },
    /** The remaining text at the end of the answer, which was not a call. */
    end(): string {
      if (isBare || isOpen) {
        const rest = buffered;
        buffered = "";
        return rest.trim() === "" ? "" : finish(rest, rest);
      }
      return trimmedBeside(this.release(), calls);
    },
    release(): string {
      const text = buffered;
      buffered = "";
      return text;
    },
  };
}
export type CallWatcher = ReturnType<typeof createCallWatcher>;

/** The line ends that stand between calls are not an answer. */
const trimmedBeside = (text: string, calls: readonly InferenceToolCall[]) =>
  calls.length > 0 && text.trim() === "" ? "" : text;

/** Parses `{"name": …, "arguments": {…}}`; some models use `parameters`. Undefined unless it calls one of the tools. */
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
