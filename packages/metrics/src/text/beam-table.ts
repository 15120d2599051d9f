const BEAM_WIDTH = 25;
const INFINITE = 1 << 29;
const [UNSET, KEEP, REPLACE, DELETE, INSERT] = [0, 1, 2, 3, 4];

/** Which word each reference word is aligned to (−1 before the first), and of both the errors before each place, summed. */
export type Alignment = {
  readonly aligned: Int32Array;
  readonly hypothesisErrors: Int32Array;
  readonly referenceErrors: Int32Array;
};

/** From which column a row is explored, up to which it is not, and where it lies in the store. */
type Band = { readonly from: number; readonly to: number; readonly offset: number };

/**
 * The edit distance of sequences of `rows` words to one reference, computed only around the diagonal, as in sacrebleu's
 * TER. `fill` stores its results, so `probe` starts where a sequence first differs from the last filled sequence.
 * Memory and time are linear in the longer side. `reference` must not be empty.
 */
export function createBeamTable(rows: number, reference: Int32Array) {
  const bands = bandsOf(rows, reference.length);
  const last = bands[rows];
  const size = last ? last.offset + last.to - last.from : 0;
  const costs = new Int32Array(size);
  const operations = new Uint8Array(size);
  const lines: readonly [Int32Array, Int32Array] = [newLine(reference.length), newLine(reference.length)];
  for (let column = 0; column <= reference.length; column += 1) {
    costs[column] = column;
    operations[column] = INSERT;
  }

  /** The distance of a sequence whose first `known` words are those filled in. */
  function run(words: Int32Array, known: number, isKept: boolean): number {
    let [above, line] = lines;
    above.fill(INFINITE);
    line.fill(INFINITE);
    const begin = bands[known];
    if (begin) above.set(costs.subarray(begin.offset, begin.offset + begin.to - begin.from), begin.from);
    for (let row = known + 1; row <= rows; row += 1) {
      const band = bands[row];
      const stale = bands[row - 2];
      if (!band) break;
      if (stale && row - 2 >= known) line.fill(INFINITE, stale.from, stale.to);
      exploreRow(line, above, {
        band,
        word: words[row - 1] ?? -1,
        reference,
        operations: isKept ? operations : undefined,
      });
      if (isKept) costs.set(line.subarray(band.from, band.to), band.offset);
      [above, line] = [line, above];
    }
    return above[reference.length] ?? 0;
  }

  return {
    fill: (words: Int32Array) => run(words, 0, true),
    probe: (words: Int32Array, known: number) => run(words, known, false),
    /** How the words last filled in stand to the reference. */
    align: () =>
      alignmentOf(rows, reference.length, (row, column) => {
        const band = bands[row];
        return band ? (operations[band.offset + column - band.from] ?? UNSET) : UNSET;
      }),
  };
}

const newLine = (length: number) => new Int32Array(length + 1);

function bandsOf(rows: number, columns: number): Band[] {
  const ratio = rows > 0 ? columns / rows : 1;
  const width = BEAM_WIDTH < ratio / 2 ? Math.ceil(ratio / 2 + BEAM_WIDTH) : BEAM_WIDTH;
  const bands: Band[] = [{ from: 0, to: columns + 1, offset: 0 }];
  let offset = columns + 1;
  for (let row = 1; row <= rows; row += 1) {
    const middle = Math.floor(row * ratio);
    const from = Math.max(0, middle - width);
    const to = row === rows ? columns + 1 : Math.min(columns + 1, middle + width);
    bands.push({ from, to, offset });
    offset += to - from;
  }
  return bands;
}

type Row = {
  readonly band: Band;
  readonly word: number;
  readonly reference: Int32Array;
  readonly operations: Uint8Array | undefined;
};

/** Of ways that cost the same, a kept or replaced word goes before a deleted one, and that before an inserted one. */
function exploreRow(line: Int32Array, above: Int32Array, { band, word, reference, operations }: Row) {
  for (let column = band.from; column < band.to; column += 1) {
    let best = INFINITE;
    let operation = UNSET;
    if (column === 0) {
      best = (above[0] ?? INFINITE) + 1;
      operation = DELETE;
    } else {
      const isSame = word === reference[column - 1];
      const across = (above[column - 1] ?? INFINITE) + (isSame ? 0 : 1);
      const deleted = (above[column] ?? INFINITE) + 1;
      const inserted = (line[column - 1] ?? INFINITE) + 1;
      if (across < best) {
        best = across;
        operation = isSame ? KEEP : REPLACE;
      }
      if (deleted < best) {
        best = deleted;
        operation = DELETE;
      }
      if (inserted < best) {
        best = inserted;
        operation = INSERT;
      }
    }
    line[column] = best;
    if (operations) operations[band.offset + column - band.from] = operation;
  }
}

function alignmentOf(rows: number, columns: number, operationAt: (row: number, column: number) => number): Alignment {
  const aligned = new Int32Array(columns);
  const hypothesisErrors = new Int32Array(rows + 1);
  const referenceErrors = new Int32Array(columns + 1);
  let [row, column] = [rows, columns];
  while (row > 0 || column > 0) {
    const operation = operationAt(row, column);
    const error = operation === KEEP ? 0 : 1;
    if (operation !== INSERT) hypothesisErrors[row] = error;
    if (operation !== DELETE) {
      referenceErrors[column] = error;
      aligned[column - 1] = row - 1;
    }
    if (operation !== INSERT) row -= 1;
    if (operation !== DELETE) column -= 1;
  }
  return { aligned, hypothesisErrors: runningSum(hypothesisErrors), referenceErrors: runningSum(referenceErrors) };
}

function runningSum(numbers: Int32Array): Int32Array {
  for (let at = 1; at < numbers.length; at += 1) numbers[at] = (numbers[at] ?? 0) + (numbers[at - 1] ?? 0);
  return numbers;
}
