/** The same language, and the same answers to everything, as the server's: see the guide on prompts. */
type Path = readonly string[];
type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "value"; readonly path: Path }
  | { readonly kind: "section"; readonly path: Path; readonly isInverted: boolean; readonly nodes: Node[] };
type Open = { readonly name: string; readonly nodes: Node[] };
type Tag = { readonly sign: string; readonly name: string; readonly from: number; readonly to: number };
type Context = { readonly value: unknown; readonly outer: Context | null };
type Run = { text: string; steps: number };

/** The text that inputs make of a template. */
export type Template = (inputs: Readonly<Record<string, unknown>>) => string;

const SIGNS = "#^/!&>=";
const NAME = /^(?:\.|[^\s.{}]+(?:\.[^\s.{}]+)*)$/;
const DEEPEST = 64;
const MOST_STEPS = 200_000;
const LONGEST = 2_000_000;

/** Reads a template. Throws an `Error` that says what is not understood; a template from the server has been read before. */
export function parseMustache(source: string): Template {
  const root: Open = { name: "", nodes: [] };
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
  if (stack.length > 1) throw new Error(`the section \`${open.name}\` is never closed with {{/${open.name}}}`);
  return (inputs) => {
    const run: Run = { text: "", steps: 0 };
    write(root.nodes, { value: inputs, outer: null }, run);
    return run.text;
  };
}

function place({ sign, name }: Tag, { nodes }: Open, stack: Open[]): void {
  if (sign === ">" || sign === "=" || !NAME.test(name))
    throw new Error(`\`{{${sign}${name.slice(0, 40)}}}\` cannot be filled in`);
  if (sign === "/") {
    const open = stack.length > 1 ? stack.pop() : undefined;
    if (open?.name !== name) throw new Error(`{{/${name}}} closes a section that is not open`);
    return;
  }
  const path = name === "." ? [] : name.split(".");
  if (sign === "" || sign === "&") {
    nodes.push({ kind: "value", path });
    return;
  }
  const own: Node[] = [];
  nodes.push({ kind: "section", path, isInverted: sign === "^", nodes: own });
  stack.push({ name, nodes: own });
  if (stack.length > DEEPEST) throw new Error(`sections are nested more than ${DEEPEST} deep`);
}

function* tagsOf(source: string): Generator<Tag> {
  for (let from = source.indexOf("{{"); from >= 0; ) {
    const isRaw = source.startsWith("{{{", from);
    const [open, end] = isRaw ? ["{{{", "}}}"] : ["{{", "}}"];
    const closed = source.indexOf(end, from);
    if (closed < 0) throw new Error(`\`${open}\` is never closed; end the tag with \`${end}\``);
    const to = closed + end.length;
    const inside = source.slice(from + open.length, closed).trim();
    const sign = isRaw ? "&" : SIGNS.includes(inside.charAt(0)) ? inside.charAt(0) : "";
    const name = isRaw || sign === "" ? inside : inside.slice(1).trim();
    yield { sign, name, ...extentOf(source, { sign, from, to }) };
    from = source.indexOf("{{", to);
  }
}

/** A tag of a section or a comment that is alone on its line takes the line away with it. */
function extentOf(source: string, { sign, from, to }: Omit<Tag, "name">) {
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

function write(nodes: readonly Node[], context: Context, run: Run): void {
  for (const node of nodes) {
    if (++run.steps > MOST_STEPS) throw new Error(`it goes on for more than ${MOST_STEPS} steps; loop over less`);
    if (node.kind === "text") run.text += node.text;
    else if (node.kind === "value") run.text += toText(find(node.path, context));
    else writeSection(node, context, run);
    if (run.text.length > LONGEST) throw new Error(`it becomes longer than ${LONGEST} characters`);
  }
}

function writeSection(section: Extract<Node, { kind: "section" }>, context: Context, run: Run): void {
  const value = find(section.path, context);
  const isEmpty = value === undefined || value === null || value === false || value === "" || isEmptyList(value);
  if (section.isInverted) {
    if (isEmpty) write(section.nodes, context, run);
    return;
  }
  if (isEmpty) return;
  for (const item of Array.isArray(value) ? value : [value]) write(section.nodes, { value: item, outer: context }, run);
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;

/** The first part is looked for from the inside outwards, the others in what it names; own fields only. */
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

/** A list or an object stands as JSON. */
const toText = (value: unknown): string => {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};
