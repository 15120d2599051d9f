import { isRecord } from "../../../../../kernel/is-record.ts";
import { fieldOf, firstText, type JsonRecord, textOf } from "./json.ts";
import type { Part } from "./message.ts";

const MIME_TYPE_NAMES = ["mime_type", "mimeType", "mediaType", "media_type"];

/** An image, a sound or a file of a message, in any of the ways in which providers write it; undefined for anything else. */
export function readMedia(part: JsonRecord): Part | undefined {
  switch (fieldOf(part, "type")) {
    case "image_url":
    case "input_image":
      return fromUrl("image", urlOf(fieldOf(part, "image_url")), "") ?? fromFileId("image", part);
    case "image":
      return fromSource("image", part, fieldOf(part, "image"));
    case "input_audio":
    case "audio":
      return fromAudio(part);
    case "document":
    case "file":
    case "input_file":
    case "media":
      return fromFile(part);
    case undefined:
      return fromGemini(part);
    default:
      return undefined;
  }
}

/** A data URL becomes a blob, any other a URI. Undefined if there is no URL. */
export function fromUrl(modality: string, url: string, mimeType: string): Part | undefined {
  if (url === "") return undefined;
  // Only the head is matched: what follows may be megabytes.
  const comma = url.startsWith("data:") ? url.indexOf(",") : -1;
  if (comma < 0) return { type: "uri", modality, ...(mimeType !== "" && { mime_type: mimeType }), uri: url };
  const type = url.slice("data:".length, comma).split(";", 1)[0];
  return blob(modality, type || mimeType, url.slice(comma + 1));
}

const urlOf = (value: unknown): string => (isRecord(value) ? textOf(fieldOf(value, "url")) : textOf(value));

/** Anthropic's `source`, LangChain's `data`, the AI SDK's `image`: base64, a data URL or a URL. */
function fromSource(modality: string, part: JsonRecord, given: unknown): Part | undefined {
  const source = fieldOf(part, "source");
  const holder = isRecord(source) ? source : part;
  const mimeType = firstText(holder, MIME_TYPE_NAMES);
  const url = textOf(given) || firstText(holder, ["url", "uri"]);
  if (/^(?:data|https?|file|gs|s3):/.test(url)) return fromUrl(modality, url, mimeType);
  const data = firstText(holder, ["data", "base64", "bytes"]) || url;
  if (data === "") return fromFileId(modality, holder);
  return data.startsWith("data:") ? fromUrl(modality, data, mimeType) : blob(modality, mimeType, data);
}

function fromAudio(part: JsonRecord): Part | undefined {
  const audio = fieldOf(part, "input_audio") ?? fieldOf(part, "audio");
  if (!isRecord(audio)) return fromSource("audio", part, audio);
  const format = firstText(audio, ["format"]) || "wav";
  const data = firstText(audio, ["data"]);
  return data === "" ? undefined : blob("audio", `audio/${format}`, data);
}

function fromFile(part: JsonRecord): Part | undefined {
  const inner = fieldOf(part, "file");
  const file = isRecord(inner) ? inner : part;
  const mimeType = firstText(file, MIME_TYPE_NAMES);
  const modality = modalityOf(mimeType);
  const name = firstText(file, ["filename", "name", "title"]);
  const data = firstText(file, ["file_data", "file_url"]);
  const read =
    data === "" ? fromSource(modality, file, fieldOf(file, "data")) : (fromSource(modality, {}, data) ?? undefined);
  return read && { ...read, ...(name !== "" && { name }) };
}

function fromGemini(part: JsonRecord): Part | undefined {
  const inline = fieldOf(part, "inlineData") ?? fieldOf(part, "inline_data");
  const file = fieldOf(part, "fileData") ?? fieldOf(part, "file_data");
  if (isRecord(inline)) {
    const mimeType = firstText(inline, MIME_TYPE_NAMES);
    return blob(modalityOf(mimeType), mimeType, textOf(fieldOf(inline, "data")));
  }
  if (!isRecord(file)) return undefined;
  const mimeType = firstText(file, MIME_TYPE_NAMES);
  return fromUrl(modalityOf(mimeType), firstText(file, ["fileUri", "file_uri"]), mimeType);
}

function fromFileId(modality: string, holder: JsonRecord): Part | undefined {
  const id = firstText(holder, ["file_id", "fileId"]);
  return id === "" ? undefined : { type: "file", modality, file_id: id };
}

function blob(modality: string, mimeType: string, content: string): Part {
  // Langfuse replaces uploaded media with a reference.
  if (content.startsWith("@@@langfuseMedia:")) return { type: "uri", modality, mime_type: mimeType, uri: content };
  return { type: "blob", modality, mime_type: mimeType || "application/octet-stream", content };
}

function modalityOf(mimeType: string): string {
  const [kind] = mimeType.split("/", 1);
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "document";
}
