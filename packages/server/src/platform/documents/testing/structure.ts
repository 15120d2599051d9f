import fc from "fast-check";

/** A part of a generated document, which writers put into files of several formats. */
export type Piece =
  | { readonly kind: "heading"; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "quote"; readonly text: string }
  | { readonly kind: "list"; readonly isOrdered: boolean; readonly items: readonly string[] }
  | { readonly kind: "table"; readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: "code"; readonly text: string };
export type PieceKind = Piece["kind"];

/** What a reader must give for a piece. */
export type ExpectedBlock = {
  readonly kind: string;
  readonly text: string;
  readonly level?: number;
  /** Of a table. */
  readonly header?: string;
};

/** Letters of several scripts, pairs of surrogates, a decomposed letter, and marks that formats must escape. */
const LETTERS = [..."abcXYZ0159éßжעم漢字ก", "e\u0301", "😀", ..."*_<>&|#[]`~!\\\"'-+.:=(){}$/"];
const word = fc.array(fc.constantFrom(...LETTERS), { minLength: 1, maxLength: 6 }).map((letters) => letters.join(""));
const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
const codeLine = fc.constantFrom("let a = 1;", "", "  if (a < b) {", "\treturn `c` && d;", "}", "# x | y");

const PIECES: Readonly<Record<PieceKind, fc.Arbitrary<Piece>>> = {
  heading: fc.record({ kind: fc.constant("heading"), level: fc.constantFrom(1, 2, 3), text: line }),
  paragraph: fc.record({ kind: fc.constant("paragraph"), text: line }),
  quote: fc.record({ kind: fc.constant("quote"), text: line }),
  list: fc.record({
    kind: fc.constant("list"),
    isOrdered: fc.boolean(),
    items: fc.array(line, { minLength: 1, maxLength: 4 }),
  }),
  table: fc.integer({ min: 2, max: 4 }).chain((columns) => {
    const row = fc.array(line, { minLength: columns, maxLength: columns });
    return fc.record({
      kind: fc.constant("table"),
      header: row,
      rows: fc.array(row, { minLength: 1, maxLength: 4 }),
    });
  }),
  code: fc
    .array(codeLine, { maxLength: 4 })
    .map((lines) => ({ kind: "code" as const, text: ["start()", ...lines, "end()"].join("\n") })),
};

/** Documents of these kinds of pieces. Lists are not adjacent, because formats then cannot distinguish them. */
export const documentOf = (kinds: readonly PieceKind[]): fc.Arbitrary<readonly Piece[]> =>
  fc
    .array(fc.oneof(...kinds.map((kind) => PIECES[kind])), { minLength: 1, maxLength: 12 })
    .map((pieces) =>
      pieces.filter((piece, place) => piece.kind === "paragraph" || piece.kind !== pieces[place - 1]?.kind),
    );

export const expectBlocks = (pieces: readonly Piece[]): ExpectedBlock[] => pieces.flatMap(expectPiece);

function expectPiece(piece: Piece): ExpectedBlock[] {
  if (piece.kind === "list")
    return piece.items.map((item, place) => ({
      kind: "list-item",
      text: `${piece.isOrdered ? `${place + 1}.` : "-"} ${item}`.normalize("NFC"),
    }));
  if (piece.kind === "table") {
    const lines = [piece.header, ...piece.rows].map(expectRow);
    return [{ kind: "table", text: lines.join("\n"), header: expectRow(piece.header) }];
  }
  const level = piece.kind === "heading" ? { level: piece.level } : {};
  return [{ kind: piece.kind, text: piece.text.normalize("NFC"), ...level }];
}

export const expectRow = (cells: readonly string[]) =>
  `| ${cells.map((cell) => cell.normalize("NFC").replaceAll("|", "\\|")).join(" | ")} |`;
