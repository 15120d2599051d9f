import { type Item, type ItemShape, TRAINING_FORMATS, type TrainingFormat } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { isRecord } from "../../../../kernel/is-record.ts";
import { SHAPES } from "../../../data/datasets/index.ts";

type Row = Readonly<Record<string, unknown>>;

/** The shape that writes a format, and the columns of it that a trainer reads. */
const WRITTEN: Readonly<Record<Exclude<TrainingFormat, "text">, { shape: ItemShape; columns: readonly string[] }>> = {
  chat: { shape: "openai-chat", columns: ["messages", "tools"] },
  prompt_completion: { shape: "prompt-completion", columns: ["prompt", "completion", "tools"] },
  preference: { shape: "trl-preference", columns: ["prompt", "chosen", "rejected", "margin", "tools"] },
  kto: { shape: "kto", columns: ["prompt", "completion", "label", "tools"] },
};
const MESSAGES: ReadonlySet<string> = new Set(["messages", "prompt", "completion", "chosen", "rejected"]);

export const isTrainingFormat = (format: string | undefined): format is TrainingFormat =>
  TRAINING_FORMATS.some((one) => one === format);

/**
 * Converts an item to a row of the trainer's file. Throws `unprocessable` with a pointer if it does not fit the format.
 */
export function rowOfItem(item: Item, format: TrainingFormat): Row {
  if (format === "text") return { text: textOf(item) };
  const { shape: id, columns } = WRITTEN[format];
  const shape = SHAPES.find((candidate) => candidate.id === id);
  if (!shape) throw new Error(`there is no shape ${id}`);
  const written = shape.write({ ...item, ownId: null });
  const row: Record<string, unknown> = {};
  for (const column of columns) {
    const value = written[column];
    if (value !== undefined) row[column] = MESSAGES.has(column) ? readable(value, `/${column}`) : value;
  }
  if (format === "chat") requireAnswer(row.messages);
  return row;
}

/** The format of an item, for the setting `auto`. */
export function formatOf({ inputs, expected }: Item): TrainingFormat {
  if (isRecord(expected) && "chosen" in expected) return "preference";
  if (isRecord(expected) && "completion" in expected && "label" in expected) return "kto";
  return typeof inputs.text === "string" && expected === null ? "text" : "chat";
}

function textOf({ inputs }: Item): string {
  const values = Object.values(inputs);
  const text = inputs.text ?? (values.length === 1 ? values[0] : undefined);
  if (typeof text === "string" && text !== "") return text;
  return refuse("/inputs/text", "There is no text to learn.");
}

/** Messages of texts alone, with the roles that templates know. */
function readable(value: unknown, pointer: string): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((message: unknown, place) => {
    if (!isRecord(message)) return message;
    const { role, content, weight: _, ...others } = message;
    return {
      role: role === "developer" ? "system" : role,
      content: plain(content, `${pointer}/${place}/content`),
      ...others,
    };
  });
}

function plain(content: unknown, pointer: string): unknown {
  if (!Array.isArray(content)) return content;
  return content
    .map((part: unknown) => {
      if (isRecord(part) && typeof part.text === "string") return part.text;
      return refuse(pointer, "It has a part that is not text, such as an image. Training supports text only.");
    })
    .join("");
}

function requireAnswer(messages: unknown): void {
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  if (isRecord(last) && last.role === "assistant") return;
  refuse("/expected", "There is no assistant answer to learn.");
}

export function refuse(pointer: string, message: string): never {
  throw new AppError("unprocessable", { message, details: { pointer } });
}
