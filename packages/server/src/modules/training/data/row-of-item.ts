import { type Item, type ItemShape, TRAINING_FORMATS, type TrainingFormat } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { SHAPES } from "../../datasets/index.ts";

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

/** What an item becomes in the file that the trainer reads. Throws `unprocessable` with a pointer for what is not of the format. */
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

/** The format that an item is in by itself, for a configuration that says `auto`. */
export function formatOf({ inputs, expected }: Item): TrainingFormat {
  if (isRow(expected) && "chosen" in expected) return "preference";
  if (isRow(expected) && "completion" in expected && "label" in expected) return "kto";
  return typeof inputs.text === "string" && expected === null ? "text" : "chat";
}

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);

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
    if (!isRow(message)) return message;
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
      if (isRow(part) && typeof part.text === "string") return part.text;
      return refuse(pointer, "It has a part that is no text, such as an image, which cannot be trained on.");
    })
    .join("");
}

function requireAnswer(messages: unknown): void {
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  if (isRow(last) && last.role === "assistant") return;
  refuse("/expected", "There is no answer of the assistant to learn.");
}

function refuse(pointer: string, message: string): never {
  throw new AppError("unprocessable", { message, details: { pointer } });
}
