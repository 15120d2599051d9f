import { z } from "zod";
import type { PlaygroundState } from "./playground-state.ts";

/** A link that unfolds to more than this is refused. */
const MOST_BYTES = 4_000_000;

const words = z.string().max(400_000);
const short = z.string().max(300);
const texts = z.record(short, words);
const Message = z.strictObject({
  id: short,
  role: z.enum(["system", "user", "assistant"]),
  content: words,
  images: z.array(words).max(20).optional(),
  raw: z.record(z.string(), z.unknown()).optional(),
});
const messages = z.array(Message).max(500);
const number = z.number().optional();
const Shared = z.strictObject({
  isShared: z.boolean(),
  messages,
  columns: z
    .array(
      z.strictObject({
        id: short,
        model: short,
        parameters: z.strictObject({
          temperature: number,
          top_p: number,
          max_tokens: number,
          seed: number,
          stop: words.optional(),
          format: z.enum(["text", "json_object", "json_schema"]),
          schema: words,
          isStreamed: z.boolean(),
        }),
        messages,
        prompt: z.strictObject({ name: short, version: z.number().int().min(1) }).optional(),
        tools: words.optional(),
        extra: z.record(z.string(), z.unknown()),
      }),
    )
    .min(1)
    .max(50),
  inputs: texts.optional(),
  rows: z
    .strictObject({
      datasetId: short,
      at: short,
      count: z.number().int().min(1).max(200),
      atOnce: z.number().int().min(1).max(32),
      mapping: z.record(short, short),
    })
    .nullish(),
  canned: texts.optional(),
  isDiff: z.boolean().optional(),
});

/** Fields of a recorded request that can hold a key. */
const SECRET = /^(api[-_]?key|authorization|.*headers?|.*secret.*|.*password.*|.*credential.*|.*token)$/i;

/** What of a state a link carries: pictures that are held as data would make it too long, and what can hold a key never leaves. */
function shareable(state: PlaygroundState): PlaygroundState {
  const lean = (list: PlaygroundState["messages"]) =>
    list.map(({ images, ...message }) => {
      const linked = images?.filter((url) => !url.startsWith("data:")) ?? [];
      return linked.length > 0 ? { ...message, images: linked } : message;
    });
  return {
    ...state,
    messages: lean(state.messages),
    columns: state.columns.map((column) => ({
      ...column,
      messages: state.isShared ? [] : lean(column.messages),
      extra: Object.fromEntries(Object.entries(column.extra).filter(([name]) => !SECRET.test(name))),
    })),
  };
}

/** Pictures that a link leaves out. */
export const leftOut = (state: PlaygroundState): number =>
  [state.messages, ...(state.isShared ? [] : state.columns.map(({ messages: own }) => own))]
    .flat()
    .flatMap(({ images = [] }) => images)
    .filter((url) => url.startsWith("data:")).length;

/** The state as the part of an address after `#`, which is never sent to a server. Answers are not part of it. */
export async function shareHash(state: PlaygroundState): Promise<string> {
  const stream = new Blob([JSON.stringify(shareable(state))])
    .stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return `play=${btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

const BROKEN = "The link is incomplete or comes from a newer version. Ask for a new link.";

/** The state in such an address, or undefined when there is none. Throws when it was cut or is no state. */
export async function sharedStateIn(hash: string): Promise<PlaygroundState | undefined> {
  const coded = /(?:^#?|&)play=([^&]*)/.exec(hash)?.[1];
  if (coded === undefined) return undefined;
  const read = Shared.safeParse(await unfold(coded).catch(() => undefined));
  if (!read.success) throw new Error(BROKEN);
  return read.data;
}

async function unfold(coded: string): Promise<unknown> {
  const packed = atob(coded.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts: BlobPart[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength;
    if (size > MOST_BYTES) {
      await reader.cancel();
      throw new Error(BROKEN);
    }
    parts.push(part.value);
  }
  return JSON.parse(await new Blob(parts).text());
}
