/** The addresses of files by their names. The server gives each file a name with a hash. */
const byName = (files: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(files).map(([path, url]) => [path.split("/").at(-1) ?? path, url]));

const FILES = {
  cMapUrl: byName(
    import.meta.glob<string>("../../../../../../../../node_modules/pdfjs-dist/cmaps/*.bcmap", {
      query: "?url",
      import: "default",
      eager: true,
    }),
  ),
  standardFontDataUrl: byName(
    import.meta.glob<string>("../../../../../../../../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}", {
      query: "?url",
      import: "default",
      eager: true,
    }),
  ),
} as const;

type Request = { readonly kind: string; readonly filename: string };

/**
 * Reads the fonts and character maps that a PDF names without holding them. pdf.js constructs it, and would otherwise join a folder
 * and a name.
 */
export function PdfData() {
  return {
    async fetch({ kind, filename }: Request): Promise<Uint8Array> {
      const files = kind === "cMapUrl" || kind === "standardFontDataUrl" ? FILES[kind] : undefined;
      const url = files?.get(filename);
      if (url === undefined) throw new Error(`The web app has no ${filename}.`);
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${filename} was not loaded: status ${response.status}.`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}
