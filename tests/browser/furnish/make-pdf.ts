/**
 * A PDF with one list of lines per page, on US Letter in Helvetica. The font is not embedded, so a viewer needs its own.
 * Characters must be ASCII.
 */
export function makePdf(pages: readonly (readonly string[])[]): Buffer<ArrayBuffer> {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${pages.map((_, place) => `${4 + place * 2} 0 R`).join(" ")}] /Count ${pages.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...pages.flatMap((lines, place) => pageObjects(lines, 5 + place * 2)),
  ];
  let text = "%PDF-1.4\n";
  const offsets = objects.map((object, place) => {
    const offset = text.length;
    text += `${place + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join("")}`;
  return Buffer.from(
    `${text}${table}trailer << /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF`,
    "latin1",
  );
}

function pageObjects(lines: readonly string[], contents: number): readonly string[] {
  const quoted = (line: string) => line.replaceAll(/[()\\]/g, "\\$&");
  const drawn = lines.map((line, place) => `BT /F1 12 Tf 72 ${720 - place * 18} Td (${quoted(line)}) Tj ET`).join("\n");
  return [
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents ${contents} 0 R >>`,
    `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`,
  ];
}
