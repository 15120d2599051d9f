import type { DocumentLimits } from "./port.ts";

const MB = 1024 * 1024;

export const DOCUMENT_LIMITS: DocumentLimits = {
  fileBytes: 100 * MB,
  timeMs: 60_000,
  timeMsPerMb: 2_000,
  memoryMb: 512,
  textChars: 64 * MB,
  cells: 1_000_000,
  zip: { entries: 10_000, ratio: 100, totalBytes: 200 * MB },
};
