/** Hands text to the browser as a download. */
export const saveFile = (name: string, text: string, type = "text/plain"): void =>
  saveBlob(name, new Blob([text], { type }));

/** Hands bytes to the browser as a download. */
export function saveBlob(name: string, bytes: Blob): void {
  const url = URL.createObjectURL(bytes);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** One cell of a CSV file. A leading `= + - @` is defused, since spreadsheets would run it as a formula. */
function csvCell(value: unknown): string {
  const text = value === null || value === undefined ? "" : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as RFC 4180 CSV, the first one the header. */
export const toCsv = (rows: readonly (readonly unknown[])[]): string =>
  rows.map((row) => row.map(csvCell).join(",")).join("\r\n");
