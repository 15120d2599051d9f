/** An element of a JSON file as bytes, null if it is too long. `problem` is an error around it. */
export type Element =
  | { readonly line: number; readonly bytes: Buffer | null; readonly problem: null }
  | { readonly line: number; readonly bytes: null; readonly problem: string };

/** The keys under which files of one object keep their rows. */
const ROW_KEYS: ReadonlySet<string> = new Set(["data", "rows", "items", "examples", "records", "instances", "results"]);
const MAX_KEY_BYTES = 16;
const NOTHING = Buffer.alloc(0);

const [QUOTE, BACKSLASH, COLON, COMMA, NEWLINE] = [0x22, 0x5c, 0x3a, 0x2c, 0x0a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * The state of the scan: `between` values of the file; in the `object` that is the file, while searching for its rows;
 * in the `array` of the rows; within an `element` of it; or in the `rest` of the object after its rows.
 */
type Phase = "between" | "object" | "array" | "element" | "rest";

type Scan = {
  readonly capture: ReturnType<typeof createCapture>;
  found: Element[];
  /** The bytes that are read now. */
  piece: Buffer;
  phase: Phase;
  line: number;
  startLine: number;
  depth: number;
  /** The depth at which elements lie; 0 outside of any array. */
  base: number;
  isInString: boolean;
  isEscaped: boolean;
  key: number[];
  isRowsKey: boolean;
};

/**
 * Finds the rows of a JSON file in a stream: the elements of an array, of an array under a key such as `data`, or
 * objects one after another. Nothing is parsed, so a broken row does not affect the others.
 */
export function createElementScanner(maxBytes: number) {
  const scan: Scan = {
    capture: createCapture(maxBytes),
    found: [],
    piece: NOTHING,
    phase: "between",
    line: 1,
    startLine: 1,
    depth: 0,
    base: 0,
    isInString: false,
    isEscaped: false,
    key: [],
    isRowsKey: false,
  };
  return {
    /** The rows that end in a piece of the file. */
    push(bytes: Buffer): Element[] {
      [scan.piece, scan.found] = [bytes, []];
      for (let place = 0; place < bytes.length; place++) {
        const byte = bytes[place] ?? 0;
        if (byte === NEWLINE) endLine(scan, place);
        if (scan.isInString) readInString(scan, byte);
        else readOutside(scan, byte, place);
      }
      scan.capture.carry(bytes);
      return scan.found;
    },
    /** The rest at the end of the file. */
    end(): Element[] {
      [scan.piece, scan.found] = [NOTHING, []];
      const { phase, startLine, line } = scan;
      if (isLooseText(scan)) finish(scan, 0, "between");
      else if (phase !== "between") {
        const problem = "The file ends inside a value: a quote or a bracket is missing, or the file is incomplete.";
        scan.found.push({ line: phase === "element" || phase === "object" ? startLine : line, bytes: null, problem });
      }
      return scan.found;
    },
  };
}

/** Text that stands outside of any bracket, which no JSON file of rows has. */
const isLooseText = ({ phase, base, depth }: Scan) => phase === "element" && base === 0 && depth === 0;

function begin(scan: Scan, next: Phase, place: number) {
  scan.phase = next;
  scan.startLine = scan.line;
  scan.capture.begin(place);
}

function finish(scan: Scan, end: number, next: Phase) {
  scan.found.push({ line: scan.startLine, bytes: scan.capture.end(scan.piece, end), problem: null });
  scan.phase = next;
}

/** Loose text ends with its line, whatever quotes it holds. */
function endLine(scan: Scan, place: number) {
  if (isLooseText(scan)) {
    finish(scan, place, "between");
    scan.isInString = false;
  }
  scan.line++;
}

function readInString(scan: Scan, byte: number) {
  if (scan.isEscaped) scan.isEscaped = false;
  else if (byte === BACKSLASH) scan.isEscaped = true;
  else if (byte === QUOTE) scan.isInString = false;
  const isKey = scan.isInString && scan.phase === "object" && scan.depth === 1;
  if (isKey && scan.key.length <= MAX_KEY_BYTES) scan.key.push(byte);
}

function readOutside(scan: Scan, byte: number, place: number) {
  if (byte === QUOTE) {
    beginScalar(scan, place);
    [scan.isInString, scan.key] = [true, []];
  } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) open(scan, byte, place);
  else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) close(scan, place);
  else if (byte === COLON) scan.isRowsKey = scan.depth === 1 && ROW_KEYS.has(String.fromCharCode(...scan.key));
  else if (byte === COMMA) {
    scan.isRowsKey = false;
    if (scan.phase === "element" && scan.depth === scan.base)
      finish(scan, place, scan.base === 0 ? "between" : "array");
  } else if (byte > 0x20) beginScalar(scan, place);
}

function beginScalar(scan: Scan, place: number) {
  if (scan.phase === "between") scan.base = 0;
  if (scan.phase === "between" || scan.phase === "array") begin(scan, "element", place);
}

function open(scan: Scan, byte: number, place: number) {
  const { phase, depth } = scan;
  if (phase === "between" && byte === OPEN_ARRAY) [scan.phase, scan.base] = ["array", 1];
  else if (phase === "between") {
    scan.base = 0;
    begin(scan, "object", place);
  } else if (phase === "object" && depth === 1 && byte === OPEN_ARRAY && scan.isRowsKey) {
    scan.capture.drop();
    [scan.phase, scan.base] = ["array", 2];
  } else if (phase === "array") begin(scan, "element", place);
  scan.depth++;
}

function close(scan: Scan, place: number) {
  const { base } = scan;
  if (scan.phase === "element" && scan.depth === base) finish(scan, place, base === 0 ? "between" : "array");
  if (scan.depth === 0) {
    const problem = "This closing bracket has no opening bracket.";
    scan.found.push({ line: scan.line, bytes: null, problem });
    return;
  }
  const depth = --scan.depth;
  if (scan.phase === "element" && depth === base) finish(scan, place + 1, "array");
  else if (scan.phase === "array" && depth === base - 1) scan.phase = base === 1 ? "between" : "rest";
  else if (scan.phase === "object" && depth === 0) finish(scan, place + 1, "between");
  else if (scan.phase === "rest" && depth === 0) scan.phase = "between";
}

/** The bytes of an incomplete value. For a value that is too long, no bytes are stored. */
function createCapture(maxBytes: number) {
  let start = -1;
  let heldBytes: Buffer[] = [];
  let size = 0;
  function hold(bytes: Buffer) {
    size += bytes.length;
    if (size > maxBytes) heldBytes = [];
    else heldBytes.push(bytes);
  }
  function drop() {
    [start, heldBytes, size] = [-1, [], 0];
  }
  return {
    drop,
    begin(place: number) {
      drop();
      start = place;
    },
    /** The end of this piece of the file. An incomplete value continues in the next piece. */
    carry(piece: Buffer) {
      if (start === -1) return;
      hold(piece.subarray(start));
      start = 0;
    },
    end(piece: Buffer, end: number): Buffer | null {
      hold(piece.subarray(start, end));
      const whole = size > maxBytes ? null : heldBytes.length === 1 ? (heldBytes[0] ?? null) : Buffer.concat(heldBytes);
      drop();
      return whole;
    },
  };
}
