import { AppError } from "../../../kernel/errors.ts";
import { loadPdfjs, PDFJS_FOLDERS, type Pdfjs } from "./load-pdfjs.ts";

export type PdfDocument = Awaited<ReturnType<Pdfjs["getDocument"]>["promise"]>;
export type OpenPdf = { readonly pdfjs: Pdfjs; readonly document: PdfDocument; readonly close: () => Promise<void> };

/** Readers accept a header anywhere in the first 1,024 bytes (ISO 32000-1, annex H.3.4.1). */
const HEADER_RANGE = 1024;

/**
 * Opens a PDF without network, scripts or images. The bytes stay usable: pdf.js gets a copy, because it detaches its input.
 *
 * Errors: `unprocessable` if the bytes are no PDF, or the PDF is damaged or protected by a password.
 */
export async function openDocument(bytes: Uint8Array): Promise<OpenPdf> {
  if (Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEADER_RANGE)).indexOf("%PDF-") < 0) {
    throw new AppError("unprocessable", {
      message: "The file is not a PDF: it does not start with %PDF-. Upload a PDF.",
    });
  }
  const pdfjs = await loadPdfjs();
  const task = pdfjs.getDocument({
    ...PDFJS_FOLDERS,
    data: Uint8Array.from(bytes),
    verbosity: pdfjs.VerbosityLevel.ERRORS,
    // Every image is larger than this, so none is decoded.
    maxImageSize: 0,
    // The names of fonts tell which are bold.
    fontExtraProperties: true,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    enableXfa: false,
  });
  try {
    return { pdfjs, document: await task.promise, close: () => task.destroy() };
  } catch (cause) {
    await task.destroy();
    throw openError(cause);
  }
}

function openError(cause: unknown): AppError {
  if (cause instanceof Error && cause.name === "PasswordException") {
    const message = "The PDF is protected by a password. Remove the password and upload it again.";
    return new AppError("unprocessable", { message, cause });
  }
  return damagedPdf(cause);
}

export const damagedPdf = (cause: unknown) =>
  new AppError("unprocessable", {
    message: "The PDF is damaged and cannot be read. Open it in a PDF viewer, save it again and upload the copy.",
    cause,
  });
