/** A stream of random numbers that is the same for the same seed on every machine. Not numpy's stream: only methods agree, not draws. */
export type Random = {
  /** Below 1, at least 0, in steps of 2⁻⁵³. */
  readonly next: () => number;
  /** 32 random bits as an unsigned whole number. */
  readonly bits: () => number;
  /** Fills the target with the next bits, as often as `bits` would be asked, but faster. */
  readonly fill: (target: Uint32Array) => void;
  /** A whole number from 0 to `end` − 1; `end` at most 2³². Each is as likely as the other to within end / 2³². */
  readonly below: (end: number) => number;
  /** From the normal distribution with mean 0 and standard deviation 1. */
  readonly normal: () => number;
};

/** xoshiro128** by Blackman and Vigna, its state filled from the seed by splitmix32. */
export function createRandom(seed: number): Random {
  if (!Number.isFinite(seed)) throw new RangeError(`seed is ${seed}: give a finite number.`);
  const state = stateOf(seed);
  const single = new Uint32Array(1);
  const fill = (target: Uint32Array) => advance(state, target);
  const bits = () => {
    fill(single);
    return single[0] ?? 0;
  };
  const next = () => ((bits() >>> 5) * 67_108_864 + (bits() >>> 6)) / 9_007_199_254_740_992;
  return {
    bits,
    fill,
    next,
    below: (end) => Math.floor((bits() / 4_294_967_296) * end),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** The generator itself; its four words stay in registers for the length of the target. */
function advance(state: Uint32Array, target: Uint32Array): void {
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  for (let place = 0; place < target.length; place += 1) {
    const five = Math.imul(b, 5);
    target[place] = Math.imul((five << 7) | (five >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
  }
  state.set([a, b, c, d]);
}

function stateOf(seed: number): Uint32Array {
  const whole = Math.floor(seed);
  const high = Math.imul(Math.floor(whole / 4_294_967_296), 0x85ebca6b);
  let mixer = (whole ^ high ^ Math.floor((seed - whole) * 4_294_967_296)) | 0;
  return new Uint32Array(4).map(() => {
    mixer = (mixer + 0x9e3779b9) | 0;
    let mixed = Math.imul(mixer ^ (mixer >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  });
}
