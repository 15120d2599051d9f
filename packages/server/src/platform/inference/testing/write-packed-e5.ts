const WIDTH = 32;
const HIDDEN = 64;
const SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"];

export type PackedParts = {
  readonly tokens?: readonly string[];
  readonly layers?: number;
  readonly positions?: number;
  /** What replaces a code point. */
  readonly normalisation?: Readonly<Record<string, string>>;
};

/**
 * The bytes of a tiny packed E5 model with random weights: `E5S1`, sizes, vocabulary, normalisation table, directory, then weights from a
 * multiple of 32 on. Its vocabulary is four special tokens, a space, the small letters and the given tokens.
 */
export function packedE5({ tokens = [], layers = 1, positions = 64, normalisation = {} }: PackedParts = {}): Buffer {
  const letters = Array.from("abcdefghijklmnopqrstuvwxyz");
  const pieces = [...SPECIAL, "▁", ...letters, ...tokens];
  // One row more than tokens, as in the real file.
  const rows = pieces.length + 1;
  const sizes = [WIDTH, layers, 2, HIDDEN, rows, positions, 2];
  const head = Buffer.concat([
    Buffer.from("E5S1"),
    int32(1, ...sizes),
    Buffer.from(Float32Array.of(1e-12).buffer),
    int32(32),
    vocabularyOf(pieces),
    normalisationOf(normalisation),
  ]);
  return Buffer.concat([head, weightsOf({ rows, layers, positions }, head.length)]);
}

const int32 = (...values: readonly number[]) => Buffer.from(Int32Array.from(values).buffer);

function vocabularyOf(pieces: readonly string[]) {
  const texts = pieces.map((piece) => Buffer.from(piece));
  const offsets = [0];
  for (const bytes of texts) offsets.push((offsets.at(-1) ?? 0) + bytes.length);
  const scores = pieces.map((piece, id) => (id < SPECIAL.length ? 0 : -10 / piece.length));
  const length = Buffer.alloc(8);
  length.writeUInt32LE(offsets.at(-1) ?? 0);
  return Buffer.concat([
    int32(pieces.length, 0, 2, 1, 3),
    length,
    int32(...offsets),
    Buffer.from(Float32Array.from(scores).buffer),
    ...texts,
  ]);
}

function normalisationOf(normalisation: Readonly<Record<string, string>>) {
  const entries = Object.entries(normalisation).map(([from, by]) => {
    const codePoints = Array.from(by, (character) => character.codePointAt(0) ?? 0);
    return Buffer.concat([int32(from.codePointAt(0) ?? 0), Buffer.from([codePoints.length]), int32(...codePoints)]);
  });
  const bytes = Buffer.concat(entries);
  return Buffer.concat([int32(entries.length, bytes.length), bytes]);
}

type Shape = { readonly rows: number; readonly layers: number; readonly positions: number };

function weightsOf({ rows, layers, positions }: Shape, position: number) {
  const tensors: (readonly [name: string, type: 0 | 1, weights: number])[] = [
    ["emb.word", 1, rows * WIDTH],
    ["emb.pos", 0, positions * WIDTH],
    ["emb.type", 0, 2 * WIDTH],
    ["emb.ln.w", 0, WIDTH],
    ["emb.ln.b", 0, WIDTH],
    ...Array.from({ length: layers }, (_, index) =>
      (["q", "k", "v", "ao", "aln", "fi", "fo", "oln"] as const).flatMap((part) => {
        const isNorm = part === "aln" || part === "oln";
        const isWide = part === "fi" || part === "fo";
        return [
          [`l${index}.${part}.w`, isNorm ? 0 : 1, isNorm ? WIDTH : WIDTH * (isWide ? HIDDEN : WIDTH)],
          [`l${index}.${part}.b`, 0, part === "fi" ? HIDDEN : WIDTH],
        ] as const;
      }),
    ).flat(),
  ];
  const linesLength = tensors.reduce((sum, [name]) => sum + 23 + name.length, 4);
  const start = Math.ceil((position + linesLength) / 32) * 32;
  const random = createRandom();
  const lines = [int32(tensors.length)];
  const data: Buffer[] = [Buffer.alloc(start - position - linesLength)];
  let offset = start;
  for (const [name, type, weights] of tensors) {
    const bytes = type === 0 ? floats(weights, random) : blocks(weights / 32, random);
    const line = Buffer.alloc(23 + name.length);
    line.writeUInt16LE(name.length, 0);
    line.write(name, 2);
    line.writeUInt8(type, 2 + name.length);
    line.writeUInt32LE(weights, 3 + name.length);
    line.writeBigUInt64LE(BigInt(offset), 7 + name.length);
    line.writeBigUInt64LE(BigInt(bytes.length), 15 + name.length);
    lines.push(line);
    const padded = Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
    data.push(padded);
    offset += padded.length;
  }
  return Buffer.concat([...lines, ...data]);
}

const floats = (count: number, random: () => number) =>
  Buffer.from(Float32Array.from({ length: count }, () => random() - 0.5).buffer);

/** A scale of 2^-5 as a 16-bit float, then 32 weights of 4 bits. */
function blocks(count: number, random: () => number) {
  const bytes = Buffer.alloc(count * 18);
  for (let block = 0; block < count; block++) {
    bytes.writeUInt16LE(0x2800, block * 18);
    for (let index = 2; index < 18; index++) bytes.writeUInt8(Math.floor(random() * 256), block * 18 + index);
  }
  return bytes;
}

/** Numbers from 0 to 1, the same in each run. */
function createRandom() {
  let state = 12_345;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
