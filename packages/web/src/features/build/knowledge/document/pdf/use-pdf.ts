import type { PDFDocumentProxy } from "pdfjs-dist";
import { type RefObject, useEffect, useState } from "react";
import { drawPage, openPdf } from "./open-pdf.ts";

/** A PDF from its bytes. It is closed with the component. */
export function usePdf(bytes: ArrayBuffer | undefined) {
  const [pdf, setPdf] = useState<PDFDocumentProxy>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    if (!bytes) return;
    let isGone = false;
    const task = openPdf(bytes);
    task.promise.then(
      (opened) => !isGone && setPdf(opened),
      (reason) => !isGone && setError(reason),
    );
    return () => {
      isGone = true;
      setPdf(undefined);
      setError(undefined);
      void task.destroy();
    };
  }, [bytes]);
  return { pdf, error };
}

type Drawing = { readonly pdf: PDFDocumentProxy; readonly number: number; readonly width: number };

/** Draws a page into an element, and again when its width changes. */
export function usePageDrawing(box: RefObject<HTMLElement | null>, { pdf, number, width }: Drawing) {
  const [error, setError] = useState<unknown>();
  const [isDrawn, setIsDrawn] = useState(false);
  useEffect(() => {
    if (width === 0) return;
    let isGone = false;
    let cancel = () => {};
    async function draw() {
      const page = await pdf.getPage(number);
      if (isGone) return;
      const drawing = drawPage(page, width);
      cancel = drawing.cancel;
      await drawing.done;
      if (isGone) return;
      box.current?.replaceChildren(asImage(drawing.canvas, `Page ${number} of ${pdf.numPages}`));
      setIsDrawn(true);
    }
    setError(undefined);
    setIsDrawn(false);
    draw().catch((reason) => !isGone && setError(reason));
    return () => {
      isGone = true;
      cancel();
    };
  }, [box, pdf, number, width]);
  return { error, isDrawn };
}

function asImage(canvas: HTMLCanvasElement, label: string): HTMLCanvasElement {
  canvas.className = "block h-auto w-full";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  return canvas;
}
