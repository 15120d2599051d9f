import { RetrievalQuestionInput } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";

/** A question per line of JSON. Throws `invalid_request` with the line. */
export function readJsonLines(text: string): RetrievalQuestionInput[] {
  return text.split(/\r\n|\n|\r/).flatMap((line, at) => {
    if (line.trim() === "") return [];
    const parsed = RetrievalQuestionInput.safeParse(parseLine(line, at + 1));
    if (parsed.success) return [parsed.data];
    const [issue] = parsed.error.issues;
    const field = issue?.path.join(".") || "the question";
    throw new AppError("invalid_request", { message: `Line ${at + 1}: ${field}: ${issue?.message}.` });
  });
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new AppError("invalid_request", {
      message: `Line ${number} is not JSON. Each line must be one question as a JSON object.`,
      cause,
    });
  }
}

export type Topic = { readonly questionId: string; readonly question: string };

/** TREC topics, `<top> <num> Number: 301 <title> …`, or lines of an id, a tab and a question. Throws `invalid_request`. */
export function readTopics(text: string): Topic[] {
  const topics = text.includes("<top>") ? readMarked(text) : readTabbed(text);
  return topics.map(({ questionId, question }) => {
    const parsed = RetrievalQuestionInput.safeParse({ questionId, question });
    if (parsed.success) return { questionId, question: parsed.data.question };
    throw new AppError("invalid_request", {
      message: `The topic "${questionId}" has no valid id or question: ${parsed.error.issues[0]?.message}.`,
    });
  });
}

function readMarked(text: string): Topic[] {
  return text
    .split("<top>")
    .slice(1)
    .map((topic) => {
      const field = (name: string) => (topic.split(`<${name}>`)[1] ?? "").split("<")[0]?.trim() ?? "";
      return {
        questionId: field("num")
          .replace(/^Number:/, "")
          .trim(),
        question: field("title")
          .replace(/^Topic:/, "")
          .replaceAll(/\s+/g, " ")
          .trim(),
      };
    });
}

function readTabbed(text: string): Topic[] {
  return text.split(/\r\n|\n|\r/).flatMap((line, at) => {
    if (line.trim() === "") return [];
    const tab = line.indexOf("\t");
    if (tab < 1)
      throw new AppError("invalid_request", {
        message: `Line ${at + 1} has no tab. Each line must be an id, a tab and a question.`,
      });
    return [{ questionId: line.slice(0, tab).trim(), question: line.slice(tab + 1).trim() }];
  });
}
