import { GlobalWorkerOptions, getDocument, type PDFDocumentLoadingTask, type PDFPageProxy } from "pdfjs-dist";
import workerUrl from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { PdfData } from "./pdf-data.ts";

GlobalWorkerOptions.workerSrc = workerUrl;

/** Larger pages are drawn with fewer pixels, so that a poster does not fill the memory. */
const MAX_PIXELS = 16_000_000;

/**
 * Reads a PDF in a worker. Everything it needs comes from the web app itself, and no code is generated from text, so the content
 * security policy stays strict. The caller destroys the task.
 */
export const openPdf = (bytes: ArrayBuffer): PDFDocumentLoadingTask =>
  getDocument({
    // The worker takes the bytes over, and the cache still needs them.
    data: new Uint8Array(bytes.slice(0)),
    cMapUrl: "/",
    standardFontDataUrl: "/",
    BinaryDataFactory: PdfData,
    useSystemFonts: false,
    useWasm: false,
    disableWorkerRendering: true,
    canvasMaxAreaInBytes: MAX_PIXELS * 4,
    verbosity: 0,
  });

/** Draws a page into a fresh canvas of `width` CSS pixels. Call `cancel` when the picture is not wanted any more. */
export function drawPage(page: PDFPageProxy, width: number) {
  const full = page.getViewport({ scale: 1 });
  const wanted = (width / full.width) * Math.min(devicePixelRatio, 2);
  const scale = Math.min(wanted, Math.sqrt(MAX_PIXELS / (full.width * full.height)));
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(viewport.width);
  canvas.height = Math.ceil(viewport.height);
  const task = page.render({ canvas, viewport });
  return { canvas, done: task.promise, cancel: () => task.cancel() };
}
