import { createByteReader, createByteWriter } from "./bytes.ts";
import type { SegmentTerms } from "./segment-terms.ts";

/** "TLX" and the version of the layout. */
const MAGIC = Uint8Array.of(0x54, 0x4c, 0x58, 1);

/**
 * Layout: magic; analysis, language; the number of terms and the terms; the number of chunks; per chunk the number of
 * postings, then per posting the step from the previous term and the weight. The same terms give the same bytes.
 */
export function writeSegmentTerms({ analysis, language, terms, starts, termIds, weights }: SegmentTerms): Uint8Array {
  const writer = createByteWriter();
  writer.raw(MAGIC);
  writer.text(analysis);
  writer.text(language);
  writer.number(terms.length);
  for (const term of terms) writer.text(term);
  writer.number(starts.length - 1);
  for (let chunk = 0; chunk < starts.length - 1; chunk++) {
    const [start, end] = [starts[chunk] ?? 0, starts[chunk + 1] ?? 0];
    writer.number(end - start);
    let previous = -1;
    for (let slot = start; slot < end; slot++) {
      const term = termIds[slot] ?? 0;
      writer.number(term - previous - 1);
      writer.number(weights[slot] ?? 0);
      previous = term;
    }
  }
  return writer.done();
}

/** Reads `writeSegmentTerms`. Throws `SegmentTermsError` if anything is out of order, with the byte and the reason. */
export function readSegmentTerms(bytes: Uint8Array): SegmentTerms {
  const reader = createByteReader(bytes);
  if (reader.raw(MAGIC.length).some((byte, at) => byte !== MAGIC[at]))
    reader.fail("it does not start like stored terms of this version");
  const [analysis, language] = [reader.text(), reader.text()];
  const terms = readTerms(reader);
  return { analysis, language, terms, ...readChunks(reader, terms.length) };
}

type Reader = ReturnType<typeof createByteReader>;

function readTerms(reader: Reader): string[] {
  const terms: string[] = [];
  for (let left = reader.count(); left > 0; left--) {
    const term = reader.text();
    const previous = terms.at(-1);
    if (previous !== undefined && previous >= term) reader.fail(`the term "${term}" is not after "${previous}"`);
    terms.push(term);
  }
  return terms;
}

function readChunks(reader: Reader, termCount: number) {
  const starts = [0];
  const [termIds, weights]: [number[], number[]] = [[], []];
  for (let left = reader.count(); left > 0; left--) {
    let term = -1;
    for (let postings = reader.count(); postings > 0; postings--) {
      term += reader.number() + 1;
      if (term >= termCount) reader.fail(`there is no term ${term}, only ${termCount} terms`);
      const weight = reader.number();
      if (weight === 0) reader.fail("a term has no occurrence");
      termIds.push(term);
      weights.push(weight);
    }
    starts.push(termIds.length);
  }
  reader.end();
  return { starts: Uint32Array.from(starts), termIds: Uint32Array.from(termIds), weights: Uint32Array.from(weights) };
}
