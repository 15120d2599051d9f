import { eachRun, orderRows } from "./key-runs.ts";
import { type BandParams, createSigner } from "./minhash.ts";

const FIRST_ROWS = 4_096;
/** Stands for a text without pieces, which is like no other. */
const NOTHING = -1;

/** The data of every row before the candidates are known: the keys of its bands, and one key of all its pieces. */
export function createRowKeys({ bands, ...params }: BandParams) {
  const signer = createSigner({ bands, ...params });
  let keys = new Uint32Array(bands * FIRST_ROWS);
  let sets = new Float64Array(FIRST_ROWS);
  let rows = 0;

  function grow(): void {
    if (rows < sets.length) return;
    keys = widened(keys, new Uint32Array(keys.length * 2));
    sets = widened(sets, new Float64Array(sets.length * 2));
  }

  return {
    add(shingles: Uint32Array): void {
      grow();
      sets[rows] = shingles.length === 0 ? NOTHING : setKey(shingles);
      if (shingles.length > 0) signer.sign(shingles, keys, rows * bands);
      rows++;
    },
    count: () => rows,
    setOf: (row: number) => sets[row] ?? NOTHING,
    /** Calls with the rows that seem to have the same pieces. Whether they have is for the caller to see. */
    eachSame(call: (run: readonly number[]) => void): void {
      const high = (row: number) => (sets[row] === NOTHING ? null : Math.floor((sets[row] ?? 0) / 0x200000));
      eachRun(orderRows(rows, high), rows, call);
    },
    /** Calls with the rows that agree in a band. */
    eachBandRun(band: number, call: (run: readonly number[]) => void): void {
      const keyOf = (row: number) => (sets[row] === NOTHING ? null : (keys[row * bands + band] ?? 0));
      eachRun(orderRows(rows, keyOf), rows, call);
    },
  };
}

/** 53 bits of a set of pieces. Equality is verified later. */
function setKey(shingles: Uint32Array): number {
  let [high, low] = [shingles.length, 0x2545f491];
  for (const shingle of shingles) {
    high = Math.imul((high << 5) ^ (high >>> 27) ^ shingle, 0x9e3779b1);
    low = Math.imul((low << 7) ^ (low >>> 25) ^ shingle, 0x85ebca6b);
  }
  return (high >>> 11) * 0x100000000 + (low >>> 0);
}

function widened<Values extends Uint32Array | Float64Array>(from: Values, to: Values): Values {
  to.set(from);
  return to;
}
