import { gaussianKernel } from "./kernel.ts";
import type { VectorSamples } from "./mmd.ts";

/**
 * The witness function of the MMD (Gretton et al. 2012, section 2.3), with the kernel of `maximumMeanDiscrepancy`. For
 * each current vector, it is its mean kernel with the other current vectors minus its mean kernel with the reference.
 * The higher it is, the more typical the vector is for the current sample and not for the reference. All values are 0
 * if all vectors are equal or a sample is empty.
 */
export function mmdWitness({ reference, current }: VectorSamples): Float64Array {
  const [before, now] = [reference.length, current.length];
  const witness = new Float64Array(now);
  const gaussian = before === 0 || now < 2 ? null : gaussianKernel([...reference, ...current]);
  if (gaussian === null) return witness;
  const size = before + now;
  for (let at = 0; at < now; at += 1) {
    const row = gaussian.kernel.subarray((before + at) * size, (before + at + 1) * size);
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
