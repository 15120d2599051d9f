import { gaussianKernel } from "./kernel.ts";
import type { VectorSamples } from "./mmd.ts";

/**
 * For each current vector, its mean kernel with the other current ones less that with the reference: the witness function
 * of the MMD (Gretton et al. 2012, section 2.3) with the kernel of `maximumMeanDiscrepancy`. The higher, the more it is like
 * what is there now and unlike what was there before. All are 0 where all vectors are the same or a sample is empty.
 */
export function mmdWitness({ reference, current }: VectorSamples): Float64Array {
  const [before, now] = [reference.length, current.length];
  const witness = new Float64Array(now);
  const found = before === 0 || now < 2 ? null : gaussianKernel([...reference, ...current]);
  if (found === null) return witness;
  const size = before + now;
  for (let at = 0; at < now; at += 1) {
    const row = found.kernel.subarray((before + at) * size, (before + at + 1) * size);
    let [like, unlike] = [0, 0];
    // Its kernel with itself, which is 1, says nothing.
    for (const [place, value] of row.entries()) {
      if (place < before) unlike += value;
      else if (place !== before + at) like += value;
    }
    witness[at] = like / (now - 1) - unlike / before;
  }
  return witness;
}
