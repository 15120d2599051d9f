import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

export type Pdfjs = typeof import("pdfjs-dist/legacy/build/pdf.mjs");

const require = createRequire(import.meta.url);
const root = dirname(require.resolve("pdfjs-dist/package.json"));

/** pdf.js reads these folders by path, and appends file names without a separator. */
export const PDFJS_FOLDERS = {
  cMapUrl: join(root, "cmaps", "/"),
  standardFontDataUrl: join(root, "standard_fonts", "/"),
  wasmUrl: join(root, "wasm", "/"),
  iccUrl: join(root, "iccs", "/"),
} as const;

let loading: Promise<Pdfjs> | undefined;

/** pdf.js, loaded once per thread. It takes about 0.3 s, so the server does not load it at start. */
export function loadPdfjs(): Promise<Pdfjs> {
  loading ??= importQuietly();
  return loading;
}

/**
 * pdf.js warns on load if these constructors are absent. It needs them to draw pages only, and the server draws none, so they exist
 * while it loads.
 */
async function importQuietly(): Promise<Pdfjs> {
  const placeholders = ["DOMMatrix", "Path2D"].filter((name) => !(name in globalThis));
  for (const name of placeholders) Reflect.set(globalThis, name, Placeholder);
  try {
    const pdfjs = await import("pdfjs-dist/legacy/build/pdf.mjs");
    pdfjs.GlobalWorkerOptions.workerSrc = pathToFileURL(join(root, "legacy", "build", "pdf.worker.mjs")).href;
    return pdfjs;
  } finally {
    for (const name of placeholders) Reflect.deleteProperty(globalThis, name);
  }
}

function Placeholder(): void {
  // pdf.js calls it with `new`, and does not use the object.
}
