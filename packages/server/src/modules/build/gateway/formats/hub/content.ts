import { AppError } from "../../../../../kernel/errors.ts";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { type JsonRecord, recordOf, textOf } from "./json.ts";

/** The location of an image or a file: in the request as base64, at a URL, or stored at the provider. */
export type Source =
  | { readonly kind: "data"; readonly mediaType: string; readonly base64: string }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "id"; readonly id: string };

/** One part of a message's content. `cacheControl` is Anthropic's cache mark, when the caller set one. */
export type Part =
  | { readonly kind: "text"; readonly text: string; readonly cacheControl?: unknown }
  | {
      readonly kind: "image" | "file";
      readonly source: Source;
      readonly name?: string;
      readonly cacheControl?: unknown;
    }
  | { readonly kind: "audio"; readonly base64: string; readonly format: string };

export const invalid = (param: string, message: string) =>
  new AppError("invalid_request", { message: `\`${param}\` ${message}`, details: { param } });
export const unprocessable = (param: string, message: string) =>
  new AppError("unprocessable", { message: `\`${param}\` ${message}`, details: { param } });

/** Parses `data:image/png;base64,…`. Undefined for other texts. */
export function parseDataUrl(url: string): { mediaType: string; base64: string } | undefined {
  if (!url.startsWith("data:")) return undefined;
  const comma = url.indexOf(",");
  if (comma === -1) return undefined;
  const [mediaType = "", ...marks] = url.slice(5, comma).split(";");
  const body = url.slice(comma + 1);
  if (marks.includes("base64")) return { mediaType: mediaType || "text/plain", base64: body };
  return { mediaType: mediaType || "text/plain", base64: Buffer.from(decodePercent(body)).toString("base64") };
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function sourceOf(url: string, param: string): Source {
  const data = parseDataUrl(url);
  if (data) return { kind: "data", ...data };
  if (/^(https?|gs|s3):\/\//i.test(url)) return { kind: "url", url };
  throw invalid(param, "is neither an http(s) address nor a data URL such as `data:image/png;base64,…`.");
}

function readFile(file: JsonRecord, param: string): Source {
  if (textOf(file.file_data) !== "") {
    const data = parseDataUrl(textOf(file.file_data));
    return {
      kind: "data",
      mediaType: data?.mediaType ?? mediaTypeOf(textOf(file.filename)),
      base64: data?.base64 ?? textOf(file.file_data),
    };
  }
  if (textOf(file.file_url) !== "") return sourceOf(textOf(file.file_url), `${param}.file_url`);
  if (textOf(file.file_id) !== "") return { kind: "id", id: textOf(file.file_id) };
  throw invalid(param, "needs `file_data`, `file_url` or `file_id`.");
}

function readPart(part: JsonRecord, param: string): Part {
  const cacheControl = part.cache_control ?? undefined;
  switch (part.type) {
    case "text":
      return { kind: "text", text: textOf(part.text), cacheControl };
    case "refusal":
      return { kind: "text", text: textOf(part.refusal) };
    case "image_url": {
      const url = typeof part.image_url === "string" ? part.image_url : textOf(recordOf(part.image_url).url);
      return { kind: "image", source: sourceOf(url, `${param}.image_url.url`), cacheControl };
    }
    case "file": {
      const file = recordOf(part.file);
      return {
        kind: "file",
        source: readFile(file, `${param}.file`),
        name: textOf(file.filename) || undefined,
        cacheControl,
      };
    }
    case "input_audio": {
      const audio = recordOf(part.input_audio);
      return { kind: "audio", base64: textOf(audio.data), format: textOf(audio.format) || "wav" };
    }
    default:
      throw invalid(
        `${param}.type`,
        `is ${JSON.stringify(part.type)}; known are text, image_url, file, input_audio and refusal.`,
      );
  }
}

/**
 * The parts of a hub message's content: a plain string is one text part, null is none. `param` is the path of the
 * content, such as `messages[2].content`, for errors.
 */
export function readParts(content: unknown, param: string): Part[] {
  if (content === null || content === undefined) return [];
  if (typeof content === "string") return [{ kind: "text", text: content }];
  if (!Array.isArray(content)) throw invalid(param, "must be a string or a list of parts.");
  return content.map((part, index) => {
    if (!isRecord(part)) throw invalid(`${param}[${index}]`, "must be an object.");
    return readPart(part, `${param}[${index}]`);
  });
}

/** The joined text of a content. Throws for any other part, because nothing can replace it. */
export function readText(content: unknown, param: string): string {
  const parts = readParts(content, param);
  return parts
    .map((part, index) => {
      if (part.kind === "text") return part.text;
      throw unprocessable(`${param}[${index}]`, `is a part of kind "${part.kind}", but only text is possible here.`);
    })
    .join("");
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  pdf: "application/pdf",
  csv: "text/csv",
  html: "text/html",
  json: "application/json",
  md: "text/markdown",
  mp3: "audio/mp3",
  mp4: "video/mp4",
  wav: "audio/wav",
};

/** The media type by the extension of a file name or URL; `application/octet-stream` for an unknown one, `text/plain` for text. */
export function mediaTypeOf(name: string): string {
  const ending = /\.([a-z0-9]{1,8})(?:[?#]|$)/i.exec(name)?.[1]?.toLowerCase();
  if (ending === undefined) return "application/octet-stream";
  return MEDIA_TYPES[ending] ?? (ending === "txt" ? "text/plain" : "application/octet-stream");
}
