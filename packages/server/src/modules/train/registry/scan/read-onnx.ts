import { open } from "node:fs/promises";
import { posix } from "node:path";
import { AppError } from "../../../../kernel/errors.ts";

const WINDOW_BYTES = 64 * 1024;
/** A graph within a node of a graph, as loops and branches have them. */
const MAX_DEPTH = 40;
const MAX_FIELDS = 5_000_000;
const MAX_TEXT_BYTES = 4_096;
/** Operators that the runtime has itself. Others come from a library, which is code. */
const KNOWN_DOMAINS = new Set([
  "",
  "ai.onnx",
  "ai.onnx.ml",
  "ai.onnx.training",
  "ai.onnx.preview.training",
  "com.microsoft",
  "com.microsoft.nchwc",
]);

export type OnnxFacts = {
  /** The version of the file's format. */
  readonly irVersion: number;
  readonly producer: string;
  readonly nodes: number;
  readonly weights: number;
  /** Separate files with weights, below the version's folder. */
  readonly external: readonly string[];
};

/** The messages of onnx.proto that are looked into: which field holds which message. */
const MESSAGES = {
  model: { 7: "graph", 8: "opset", 25: "function" },
  graph: { 1: "node", 5: "tensor", 15: "sparse" },
  node: { 5: "attribute" },
  attribute: { 5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse" },
  sparse: { 1: "tensor", 2: "tensor" },
  tensor: { 13: "entry" },
  function: { 7: "node", 9: "opset", 11: "attribute" },
  opset: {},
  entry: {},
} as const satisfies Readonly<Record<string, Readonly<Record<number, string>>>>;
type Message = keyof typeof MESSAGES;

type Bytes = { readonly sizeBytes: number; read(at: number, length: number): Promise<Buffer> };
type Look = {
  readonly bytes: Bytes;
  readonly path: string;
  fields: number;
  irVersion: number;
  producer: string;
  nodes: number;
  weights: number;
  readonly external: Set<string>;
  readonly domains: Set<string>;
};

/**
 * Scans a model without loading weights: lengths are checked against their containers, operators against the runtime's,
 * and paths of weights against the folder. Throws `unprocessable` with the problem.
 */
export async function readOnnx(at: string, path: string): Promise<OnnxFacts> {
  const file = await open(at, "r");
  try {
    const { size } = await file.stat();
    const bytes = windowed(size, async (from, into) => (await file.read(into, 0, into.length, from)).bytesRead);
    const look: Look = {
      bytes,
      path,
      fields: 0,
      irVersion: 0,
      producer: "",
      nodes: 0,
      weights: 0,
      external: new Set<string>(),
      domains: new Set<string>(),
    };
    await walk(look, { message: "model", from: 0, to: size, depth: 0 });
    checkWhole(look);
    const { irVersion, producer, nodes, weights, external } = look;
    return { irVersion, producer, nodes, weights, external: [...external] };
  } finally {
    await file.close();
  }
}

function refuse(message: string): never {
  throw new AppError("unprocessable", { message });
}

function checkWhole({ irVersion, nodes, domains }: Look) {
  if (irVersion < 3 || irVersion > 20) refuse("It is not an ONNX model: it declares no version.");
  if (nodes === 0) refuse("It is an ONNX model without a graph.");
  const foreign = [...domains].filter((domain) => !KNOWN_DOMAINS.has(domain));
  if (foreign.length > 0)
    refuse(
      `It needs operators of ${foreign.map((domain) => JSON.stringify(domain)).join(", ")}, which come from an extra library. Only operators of the runtime are supported. Export the model without the others.`,
    );
}

/** A view of a file that reads ahead a little, so that thousands of small fields are few reads. */
function windowed(sizeBytes: number, fill: (from: number, into: Buffer) => Promise<number>): Bytes {
  let buffer = Buffer.alloc(0);
  let start = 0;
  return {
    sizeBytes,
    async read(at, length) {
      if (at < start || at + length > start + buffer.length) {
        const into = Buffer.alloc(Math.min(Math.max(WINDOW_BYTES, length), sizeBytes - at));
        const filled = await fill(at, into);
        buffer = into.subarray(0, filled);
        start = at;
      }
      const piece = buffer.subarray(at - start, at - start + length);
      if (piece.length < length) refuse("It ends in the middle of a field, so it is incomplete. Send it again.");
      return piece;
    },
  };
}

type Span = { readonly message: Message; readonly from: number; readonly to: number; readonly depth: number };

async function walk(look: Look, span: Span): Promise<void> {
  if (span.depth > MAX_DEPTH) refuse("Its graphs are nested too deeply.");
  const entry: { key: string; value: string } = { key: "", value: "" };
  let at = span.from;
  while (at < span.to) {
    if (++look.fields > MAX_FIELDS) refuse("It has too many fields to check.");
    const tag = await varint(look, at, span.to);
    const field = Number(tag.value >> 3n);
    const body = await bodyOf(look, { wire: Number(tag.value & 7n), from: tag.next, end: span.to });
    await note(look, span, { field, entry, ...body });
    at = body.to;
  }
  if (span.message === "entry" && entry.key === "location") look.external.add(placeOf(look, entry.value));
}

type Body = { readonly from: number; readonly to: number; readonly number: bigint | null };
type Field = Body & { readonly field: number; readonly entry: { key: string; value: string } };

type Head = { readonly wire: number; readonly from: number; readonly end: number };

/** Where a field's content lies, by its wire type. */
async function bodyOf(look: Look, { wire, from, end }: Head): Promise<Body> {
  if (wire === 0) {
    const { value, next } = await varint(look, from, end);
    return { from, to: next, number: value };
  }
  if (wire === 2) {
    const { value, next } = await varint(look, from, end);
    if (value > BigInt(end - next)) refuse("The length of a field is larger than the field that contains it.");
    return { from: next, to: next + Number(value), number: null };
  }
  const size = wire === 1 ? 8 : wire === 5 ? 4 : refuse("It is not a valid ONNX model: a field has an unknown type.");
  if (from + size > end) refuse("It ends in the middle of a field, so it is incomplete. Send it again.");
  return { from, to: from + size, number: null };
}

async function note(look: Look, { message, depth }: Span, { field, from, to, number, entry }: Field): Promise<void> {
  const inner = Reflect.get(MESSAGES[message], field) as Message | undefined;
  if (number === null && inner !== undefined) {
    if (inner === "node") look.nodes++;
    if (inner === "tensor" && message === "graph") look.weights++;
    return walk(look, { message: inner, from, to, depth: depth + 1 });
  }
  if (message === "model" && field === 1 && number !== null) look.irVersion = Number(number);
  if (message === "model" && field === 2) look.producer = await textOf(look, from, to);
  if ((message === "opset" && field === 1) || (message === "node" && field === 7))
    look.domains.add(await textOf(look, from, to));
  if (message === "entry" && field === 1) entry.key = await textOf(look, from, to);
  if (message === "entry" && field === 2) entry.value = await textOf(look, from, to);
}

async function textOf({ bytes }: Look, from: number, to: number): Promise<string> {
  if (to - from > MAX_TEXT_BYTES) refuse("One of its names is too long.");
  return from === to ? "" : (await bytes.read(from, to - from)).toString("utf8");
}

/** A number of up to ten bytes, seven bits in each. */
async function varint({ bytes }: Look, from: number, end: number): Promise<{ value: bigint; next: number }> {
  const piece = await bytes.read(from, Math.min(10, end - from));
  let value = 0n;
  for (const [place, byte] of piece.entries()) {
    value |= BigInt(byte & 0x7f) << BigInt(7 * place);
    if (byte < 0x80) return { value, next: from + place + 1 };
  }
  return refuse("It is not a valid ONNX model: a number in it has no end.");
}

/** Weights may lie in another file of the same version, and nowhere else. */
function placeOf({ path }: Look, location: string): string {
  const inner = posix.normalize(location);
  if (location === "" || posix.isAbsolute(inner) || /[\\:]/.test(inner) || inner === ".." || inner.startsWith("../"))
    refuse(`It refers to weights in ${JSON.stringify(location.slice(0, 200))}, which is outside its folder.`);
  return posix.join(posix.dirname(path), inner);
}
