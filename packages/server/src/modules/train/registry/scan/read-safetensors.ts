import { type FileHandle, open } from "node:fs/promises";
import { AppError } from "../../../../kernel/errors.ts";

/** The format itself allows as much. */
const MAX_HEADER_BYTES = 100_000_000;
const MAX_TENSORS = 200_000;
const MAX_DIMENSIONS = 16;

/** Bits of one number, by the names of the format. */
const BITS: Readonly<Record<string, number>> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
};

export type SafetensorsHeader = {
  readonly fileBytes: number;
  /** In the order of the header. */
  readonly names: readonly string[];
  readonly weights: number;
  /** The type that most weights have, such as `BF16`. */
  readonly mainType: string;
};

const refused = (why: string) =>
  new AppError("unprocessable", { message: `This file is not a usable safetensors file: ${why}.` });

/**
 * Checks the header of a safetensors file: 8 bytes of length, JSON, then numbers that the header's offsets cover
 * without a gap or an overlap. Throws `unprocessable` with the problem. Lengths are checked against the file before any
 * allocation.
 */
export async function readSafetensors(path: string): Promise<SafetensorsHeader> {
  const file = await open(path, "r");
  try {
    return await readFrom(file);
  } finally {
    await file.close();
  }
}

async function readFrom(file: FileHandle): Promise<SafetensorsHeader> {
  const stats = await file.stat();
  if (!stats.isFile()) throw refused("it is not a regular file");
  if (stats.size < 10) throw refused(`it has only ${stats.size} bytes`);
  const length = (await read(file, 0, 8)).readBigUInt64LE();
  if (length > BigInt(stats.size - 8))
    throw refused(`its header claims ${length} bytes, but the file has ${stats.size}`);
  const headerBytes = Number(length);
  if (headerBytes > MAX_HEADER_BYTES)
    throw refused(`its header claims ${headerBytes} bytes; at most ${MAX_HEADER_BYTES} are accepted`);
  const entries = parse(await read(file, 8, headerBytes));
  return { fileBytes: stats.size, ...checkTensors(entries, stats.size - 8 - headerBytes) };
}

async function read(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(bytes), 0, bytes, at);
  if (bytesRead < bytes) throw refused(`it could only be read up to byte ${at + bytesRead}`);
  return buffer;
}

function parse(bytes: Buffer): readonly (readonly [string, unknown])[] {
  if (bytes[0] !== 0x7b) throw refused("its header does not start with {");
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw refused("its header is not valid JSON");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    throw refused("its header is not a JSON object");
  const entries = Object.entries(header).filter(([name]) => name !== "__metadata__");
  if (entries.length === 0) throw refused("it holds no weights");
  if (entries.length > MAX_TENSORS)
    throw refused(`it names ${entries.length} tensors; at most ${MAX_TENSORS} are accepted`);
  return entries;
}

type Tensor = {
  readonly name: string;
  readonly type: string;
  readonly weights: number;
  readonly begin: number;
  readonly end: number;
};

function checkTensors(entries: readonly (readonly [string, unknown])[], dataBytes: number) {
  const tensors = entries.map(([name, value]) => toTensor(name, value));
  let at = 0;
  for (const { name, begin, end } of tensors.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < at) throw refused(`the tensor "${name}" overlaps another at byte ${begin}`);
    if (begin > at)
      throw refused(`there is a gap between byte ${at} and byte ${begin}, where the tensor "${name}" starts`);
    at = end;
  }
  if (at !== dataBytes) throw refused(`its tensors take ${at} bytes, but ${dataBytes} follow its header`);
  const byType = new Map<string, number>();
  for (const { type, weights } of tensors) byType.set(type, (byType.get(type) ?? 0) + weights);
  const [mainType = ""] = [...byType].toSorted((a, b) => b[1] - a[1])[0] ?? [];
  return {
    names: tensors.map(({ name }) => name),
    weights: tensors.reduce((sum, { weights }) => sum + weights, 0),
    mainType,
  };
}

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

function toTensor(name: string, value: unknown): Tensor {
  const what = `the tensor "${name.slice(0, 120)}"`;
  if (typeof value !== "object" || value === null) throw refused(`${what} is not an object`);
  const given: Readonly<Record<string, unknown>> = { ...value };
  const { dtype, shape, data_offsets: offsets } = given;
  const bits = typeof dtype === "string" ? BITS[dtype] : undefined;
  if (typeof dtype !== "string" || bits === undefined)
    throw refused(`${what} has the unknown type ${JSON.stringify(dtype)?.slice(0, 40)}`);
  const sizes: unknown[] = Array.isArray(shape) ? shape : [null];
  if (sizes.length > MAX_DIMENSIONS || !sizes.every(isCount))
    throw refused(`the shape of ${what} is not a list of sizes`);
  const weights = sizes.reduce((product: number, size) => product * Number(size), 1);
  if (!Number.isSafeInteger(weights)) throw refused(`${what} claims more weights than any file can hold`);
  const [begin, end]: unknown[] = Array.isArray(offsets) && offsets.length === 2 ? offsets : [];
  if (!isCount(begin) || !isCount(end) || end < begin)
    throw refused(`the offsets of ${what} are not a valid start and end`);
  const bytes = Math.ceil((weights * bits) / 8);
  if (end - begin !== bytes) throw refused(`${what} takes ${end - begin} bytes, but its shape needs ${bytes}`);
  return { name, type: dtype, weights, begin, end };
}
