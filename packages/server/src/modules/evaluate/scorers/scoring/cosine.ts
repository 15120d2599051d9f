/** Null where one of the vectors has no length. */
export function cosine(a: readonly number[], b: readonly number[]): number | null {
  let [product, own, other] = [0, 0, 0];
  for (const [at, value] of a.entries()) {
    const second = b[at] ?? 0;
    product += value * second;
    own += value * value;
    other += second * second;
  }
  return own === 0 || other === 0 ? null : Math.min(1, Math.max(-1, product / Math.sqrt(own * other)));
}
