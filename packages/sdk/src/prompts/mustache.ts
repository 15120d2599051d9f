type Path = readonly string[];
type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "value"; readonly path: Path }
  | { readonly kind: "section"; readonly path: Path; readonly isInverted: boolean; readonly nodes: Node[] };
type Open = { readonly name: string; readonly line: number; readonly nodes: Node[] };
type Tag = {
  /** The character after the braces; empty for a value, and the braces themselves for a tag that is never closed. */
  readonly sign: string;
  readonly name: string;
  /** Where the tag begins and ends, its whole line when it takes that away with it. */
  readonly from: number;
  readonly to: number;
  readonly line: number;
};

const SIGNS = "#^/!&>=";
/** The signs of tags that name an input. */
const NAMING: ReadonlySet<string> = new Set(["", "&", "#", "^"]);
const NAME = /^(?:\.|[^\s.{}]+(?:\.[^\s.{}]+)*)$/;

/** The text that inputs make of a template. Throws an `Error` for a text that takes too long to make, or becomes too long. */
export type Template = (inputs: Readonly<Record<string, unknown>>) => string;

const DEEPEST = 64;
const MOST_STEPS = 200_000;
const LONGEST = 2_000_000;

/**
 * Mustache without what makes pages unsafe or slow: no functions, no partials but includes, no change of the delimiters,
 * and nothing escaped, since a prompt is not a page. A name finds own fields of the inputs only.
 * Throws an `Error` that names the line of what is wrong.
 */
export function parseMustache(source: string): Template {
  const nodes = parse(source);
  return (inputs) => render(nodes, inputs);
}

/**
 * The inputs that a template names, in order. Names inside a section belong to its items and are left out.
 * Reads an unfinished template as far as it goes.
 */
export function mustacheInputs(source: string): ReadonlySet<string> {
  const names = new Set<string>();
  let depth = 0;
  for (const { sign, name } of tagsOf(source)) {
    if (sign === "/") depth = Math.max(0, depth - 1);
    if (!NAMING.has(sign)) continue;
    const [input = ""] = name.split(".");
    if (depth === 0 && input !== "" && NAME.test(name)) names.add(input);
    if (sign === "#" || sign === "^") depth += 1;
  }
  return names;
}

function parse(source: string): Node[] {
  const root: Open = { name: "", line: 1, nodes: [] };
  const stack: Open[] = [root];
  let at = 0;
  for (const tag of tagsOf(source)) {
    const inner = stack.at(-1) ?? root;
    addText(inner, source.slice(at, Math.max(at, tag.from)));
    at = tag.to;
    if (tag.sign !== "!") place(tag, inner, stack);
  }
  const open = stack.at(-1) ?? root;
  addText(open, source.slice(at));
  if (stack.length > 1)
    throw new Error(`line ${open.line}: the section \`${open.name}\` is never closed with {{/${open.name}}}`);
  return root.nodes;
}

function place(tag: Tag, { nodes }: Open, stack: Open[]): void {
  const { sign, name, line } = tag;
  refuse(tag);
  if (sign === "/") {
    close(stack, tag);
    return;
  }
  const path = name === "." ? [] : name.split(".");
  if (sign === "" || sign === "&") {
    nodes.push({ kind: "value", path });
    return;
  }
  const own: Node[] = [];
  nodes.push({ kind: "section", path, isInverted: sign === "^", nodes: own });
  stack.push({ name, line, nodes: own });
  if (stack.length > DEEPEST) throw new Error(`line ${line}: sections are nested more than ${DEEPEST} levels deep`);
}

/** By plain searches: a pattern would take long over a tag that is never closed. */
function* tagsOf(source: string): Generator<Tag> {
  let line = 1;
  let feed = source.indexOf("\n");
  for (let from = source.indexOf("{{"); from >= 0; ) {
    for (; feed >= 0 && feed < from; feed = source.indexOf("\n", feed + 1)) line++;
    const isRaw = source.startsWith("{{{", from);
    const [open, end] = isRaw ? ["{{{", "}}}"] : ["{{", "}}"];
    const closed = source.indexOf(end, from);
    if (closed < 0) {
      yield { sign: open, name: end, line, from, to: source.length };
      return;
    }
    const to = closed + end.length;
    const inside = source.slice(from + open.length, closed).trim();
    const sign = isRaw ? "&" : SIGNS.includes(inside.charAt(0)) ? inside.charAt(0) : "";
    const name = isRaw || sign === "" ? inside : inside.slice(1).trim();
    yield { sign, name, line, ...extentOf(source, { sign, from, to }) };
    from = source.indexOf("{{", to);
  }
}

function refuse({ sign, name, line }: Tag): void {
  if (sign.startsWith("{")) throw new Error(`line ${line}: \`${sign}\` is never closed; end the tag with \`${name}\``);
  if (sign === ">")
    throw new Error(`line ${line}: the include \`${name}\` is not allowed here; write {{> name@label}}`);
  if (sign === "=") throw new Error(`line ${line}: the delimiters of tags cannot be changed`);
  if (!NAME.test(name))
    throw new Error(
      `line ${line}: \`${name.slice(0, 40)}\` is not a valid name; write a name such as {{customer.name}}, without spaces`,
    );
}

function close(stack: Open[], { name, line }: Tag): void {
  const open = stack.length > 1 ? stack.pop() : undefined;
  if (open === undefined) throw new Error(`line ${line}: {{/${name}}} closes a section that was never opened`);
  if (open.name !== name) throw new Error(`line ${line}: found {{/${name}}}, expected {{/${open.name}}}`);
}

/** A tag of a section or a comment that is alone on its line takes the line away with it. */
function extentOf(source: string, { sign, from, to }: Pick<Tag, "sign" | "from" | "to">) {
  if (sign === "" || sign === "&") return { from, to };
  let start = from;
  while (isBlank(source[start - 1])) start--;
  let end = to;
  while (isBlank(source[end]) || source[end] === "\r") end++;
  const isAlone = (start === 0 || source[start - 1] === "\n") && (end === source.length || source[end] === "\n");
  return isAlone ? { from: start, to: Math.min(end + 1, source.length) } : { from, to };
}

const isBlank = (sign: string | undefined) => sign === " " || sign === "\t";

function addText({ nodes }: Open, text: string): void {
  if (text !== "") nodes.push({ kind: "text", text });
}

type Run = { text: string; steps: number };
type Context = { readonly value: unknown; readonly outer: Context | null };

function render(nodes: readonly Node[], inputs: unknown): string {
  const run: Run = { text: "", steps: 0 };
  write(nodes, { value: inputs, outer: null }, run);
  return run.text;
}

function write(nodes: readonly Node[], context: Context, run: Run): void {
  for (const node of nodes) {
    if (++run.steps > MOST_STEPS)
      throw new Error(`it takes more than ${MOST_STEPS} steps; reduce the number of loop iterations`);
    if (node.kind === "text") run.text += node.text;
    else if (node.kind === "value") run.text += toText(find(node.path, context));
    else writeSection(node, context, run);
    if (run.text.length > LONGEST)
      throw new Error(`it becomes longer than ${LONGEST} characters; shorten its inputs or its loops`);
  }
}

function writeSection(
  { path, isInverted, nodes }: Extract<Node, { kind: "section" }>,
  context: Context,
  run: Run,
): void {
  const value = find(path, context);
  const isEmpty = value === undefined || value === null || value === false || value === "" || isEmptyList(value);
  if (isInverted) {
    if (isEmpty) write(nodes, context, run);
    return;
  }
  if (isEmpty) return;
  for (const item of Array.isArray(value) ? value : [value]) write(nodes, { value: item, outer: context }, run);
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;

/** The first part is looked for from the inside outwards, the others in what it names. */
function find(path: Path, context: Context): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return context.value;
  for (let place: Context | null = context; place !== null; place = place.outer) {
    if (!hasOwn(place.value, first)) continue;
    let value: unknown = place.value[first];
    for (const name of rest) value = hasOwn(value, name) ? value[name] : undefined;
    return value;
  }
  return undefined;
}

const hasOwn = (value: unknown, name: string): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" &&
  value !== null &&
  Object.hasOwn(value, name) &&
  !(Array.isArray(value) && name === "length");

/** What a value says in a prompt: a list or an object as JSON. */
const toText = (value: unknown): string => {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};
