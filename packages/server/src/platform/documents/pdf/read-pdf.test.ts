import { afterEach, expect, test, vi } from "vitest";
import { AppError } from "../../../kernel/errors.ts";
import { readPdf } from "./read-pdf.ts";
import { lines, makePdf, text } from "./testing/make-pdf.ts";

const onePage = makePdf({ pages: [{ content: text([72, 700], "Hello from one page") }] });

async function errorOf(attempt: Promise<unknown>): Promise<AppError> {
  const error = await attempt.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!(error instanceof AppError)) throw new Error("It did not fail as expected.", { cause: error });
  return error;
}

afterEach(() => {
  vi.restoreAllMocks();
});

test("a PDF with a password is rejected with the next step", async () => {
  const error = await errorOf(readPdf(makePdf({ pages: [{ content: "" }], isEncrypted: true })));

  expect(error.code).toBe("unprocessable");
  expect(error.message).toBe("The PDF is protected by a password. Remove the password and upload it again.");
});

test("bytes that are no PDF are rejected", async () => {
  const error = await errorOf(readPdf(new TextEncoder().encode("<html>%PDF</html>")));

  expect(error.code).toBe("unprocessable");
  expect(error.message).toMatch(/^The file is not a PDF/);
});

test("a PDF without any readable page is rejected as damaged", async () => {
  expect((await errorOf(readPdf(new TextEncoder().encode("%PDF-1.7\nnothing else")))).message).toMatch(
    /^The PDF is damaged/,
  );
  expect((await errorOf(readPdf(onePage.slice(0, 300)))).message).toMatch(/^The PDF is damaged/);
});

test("a PDF with a wrong table of objects is still read", async () => {
  const written = Buffer.from(onePage).toString("latin1");
  const cut = written.replace(/xref\n0 [\s\S]*?trailer/, "trailer");

  expect(cut).not.toBe(written);
  expect((await readPdf(Buffer.from(cut, "latin1"))).text).toBe("Hello from one page");
});

test("more pages or more text than the limits are rejected with both numbers", async () => {
  const pages = Array.from({ length: 3 }, () => ({ content: text([72, 700], "Some words on a page") }));
  const tooLong = await errorOf(readPdf(makePdf({ pages }), { maxPages: 2 }));
  const tooMuch = await errorOf(readPdf(makePdf({ pages }), { maxCharacters: 30 }));

  expect(tooLong.message).toBe("The PDF has 3 pages. The limit is 2. Split it and upload the parts.");
  expect(tooMuch.message).toBe("The PDF holds more than 30 characters up to page 2. Split it and upload the parts.");
});

test("a cancelled reading stops between pages", async () => {
  const reason = new Error("stopped");

  await expect(readPdf(onePage, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test("the bytes of the caller stay usable, and nothing is written to the console", async () => {
  const outputs = (["log", "warn", "error", "info"] as const).map((name) => vi.spyOn(console, name));
  const bytes = Uint8Array.from(onePage);

  await readPdf(bytes);

  expect(bytes).toEqual(onePage);
  for (const output of outputs) expect(output).not.toHaveBeenCalled();
});

/** A small fixed generator (mulberry32), so that a failure repeats. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WORDS =
  "form refund five days - policy (a) 12.50 | \\ of the Region, price. items • 3. well- known cover office".split(" ");

function randomPage(random: () => number): string {
  const pick = (count: number) => Math.floor(random() * count);
  const sentence = () => Array.from({ length: 1 + pick(12) }, () => WORDS[pick(WORDS.length)]).join(" ");
  return Array.from({ length: pick(25) }, () => {
    const options = {
      size: [0.5, 7, 10, 10, 10, 18][pick(6)] ?? 10,
      font: (["F1", "F1", "F2", "F3"] as const)[pick(4)] ?? "F1",
      before: ["", "", "3 Tr", "1 g", "/Clear gs"][pick(5)] ?? "",
      matrix:
        (
          [
            [1, 0, 0, 1],
            [1, 0, 0, 1],
            [0, 1, -1, 0],
            [0.7, 0.7, -0.7, 0.7],
          ] as const
        )[pick(4)] ?? ([1, 0, 0, 1] as const),
    };
    return lines([pick(700) - 50, pick(900) - 50], Array.from({ length: 1 + pick(4) }, sentence), options);
  }).join("");
}

test.each(Array.from({ length: 40 }, (_, seed) => seed))(
  "random pages keep every offset and box valid (seed %i)",
  async (seed) => {
    const random = randomNumbers(seed);
    const pages = Array.from({ length: 1 + Math.floor(random() * 6) }, () => ({ content: randomPage(random) }));
    const parsed = await readPdf(makePdf({ pages }));

    let end = 0;
    for (const block of parsed.blocks) {
      const page = parsed.pages[(block.page ?? 0) - 1];
      expect(block.start).toBeGreaterThanOrEqual(end);
      expect(parsed.text.slice(block.start, block.end).trim()).not.toBe("");
      expect(parsed.text.slice(end, block.start).trim()).toBe("");
      expect(page?.start).toBeLessThanOrEqual(block.start);
      expect(page?.end).toBeGreaterThanOrEqual(block.end);
      end = block.end;
    }
    expect(end).toBe(parsed.text.length);
    for (const box of parsed.boxes) {
      const page = parsed.pages[box.page - 1];
      expect(parsed.text.slice(box.start, box.end).trim()).not.toBe("");
      expect(Math.min(box.x, box.y, box.width, box.height)).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual((page?.width ?? 0) + 0.02);
      expect(box.y + box.height).toBeLessThanOrEqual((page?.height ?? 0) + 0.02);
    }
  },
);
