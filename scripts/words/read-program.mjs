import ts from "typescript";

/** Attributes and properties of the web app whose text a person reads. */
const SHOWN =
  /^(?:aria-(?:label|description|roledescription)|alt|caption|children|confirm|description|empty|heading|help|hint|intro|label|lead|message|note|placeholder|prompt|question|reason|remedy|subtitle|summary|text|title|tooltip|unit|warning|what|why)$|(?:Label|Title|Text|Message|Hint|Help|Note|Placeholder|Description|Summary)$/;
const SHOWING_CALL = /^(?:toast\w*|notify|announce|alert|confirm)$/;
/** Three words or more that begin like a sentence: prose wherever it is. */
const PROSE = /^["“]?\p{Lu}[\p{L}'’,]*(?: [\p{L}\p{N}'’"“”,;:()%/-]+){2,}[.?!…]?$|[\p{L}"”)] [\p{L}'’]+[.?!…]$/u;
const CLASSES = /class|className|^(?:cn|cx|clsx)$/i;

/** The texts an expression can come to; a part that is known only at run time counts as one word. */
function textsOf(node) {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map(({ literal }) => `X${literal.text}`).join("")];
  if (ts.isParenthesizedExpression(node) || ts.isJsxExpression(node))
    return node.expression ? textsOf(node.expression) : [];
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (!ts.isBinaryExpression(node)) return [];
  if (node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return textsOf(node.right);
  const right = textsOf(node.right);
  return [(textsOf(node.left)[0] ?? "X") + (right[0] ?? "X"), ...right.slice(1)];
}

const childrenOf = (node) => (ts.isJsxElement(node) || ts.isJsxFragment(node) ? node.children : undefined);
const hasOwnText = (node) =>
  childrenOf(node)?.some((child) => ts.isJsxText(child) && child.text.trim() !== "") ?? false;

/** The text of an element with its own text, including the elements in it. `read` is called with every node in it. */
function readElement(node, read) {
  return childrenOf(node)
    .map((child) => {
      read(child);
      if (ts.isJsxText(child)) return child.text;
      if (ts.isJsxExpression(child)) return textsOf(child)[0] ?? (child.expression ? "X" : "");
      return childrenOf(child) ? readElement(child, read) : " ";
    })
    .join("")
    .replace(/\s+/g, " ");
}

const nameOf = (node) => (node && "text" in node ? node.text : (node?.getText?.() ?? ""));

/** Whether a literal is given where the web app shows it: by the name of its attribute, property or call. */
function isShown(node) {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isJsxAttribute(at) || ts.isPropertyAssignment(at)) return SHOWN.test(nameOf(at.name));
    if (ts.isCallExpression(at)) return SHOWING_CALL.test(nameOf(at.expression));
    if (ts.isJsxElement(at) || ts.isJsxFragment(at)) return true;
    if (ts.isBlock(at) || ts.isSourceFile(at) || ts.isVariableDeclaration(at)) return false;
  }
  return false;
}

const isInClasses = (node) => {
  for (let at = node.parent; at !== undefined && !ts.isBlock(at); at = at.parent) {
    if (ts.isJsxAttribute(at)) return CLASSES.test(nameOf(at.name));
    if (ts.isCallExpression(at) && CLASSES.test(nameOf(at.expression))) return true;
  }
  return false;
};

const isText = (node) =>
  (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) &&
  !ts.isImportDeclaration(node.parent) &&
  !ts.isLiteralTypeNode(node.parent);

/** Calls `visit` for every node, but for what lies in one for which it answers true. */
function walk(node, visit) {
  if (!visit(node)) ts.forEachChild(node, (child) => walk(child, visit));
}

function collect(path, text, visit) {
  const source = ts.createSourceFile(
    path,
    text,
    ts.ScriptTarget.Latest,
    true,
    path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const found = [];
  const add = (node, words) => {
    if (words.trim() !== "")
      found.push({ line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, text: words.trim() });
  };
  walk(source, (node) => visit(node, add));
  return found;
}

/** What people read in the web app: text of elements, and literals that are shown or read like prose. */
export function readInterface(path, text) {
  const read = new Set();
  return collect(path, text, (node, add) => {
    if (hasOwnText(node) && !read.has(node))
      add(
        node,
        readElement(node, (child) => read.add(child)),
      );
    if (ts.isJsxExpression(node) && read.has(node) && textsOf(node).length > 0) return true;
    if (!isText(node) || isInClasses(node)) return false;
    for (const words of textsOf(node)) if (isShown(node) || PROSE.test(words)) add(node, words);
    return true;
  });
}

const isErrorArgument = (node) => ts.isNewExpression(node) && /Error$/.test(nameOf(node.expression));
const isMessage = (node) => ts.isPropertyAssignment(node) && /^(?:message|error|remedy)$/.test(nameOf(node.name));

/** The messages of errors: `message:` anywhere, and the first argument of `new …Error()`. */
export const readErrors = (path, text) =>
  collect(path, text, (node, add) => {
    const given = isMessage(node) ? node.initializer : isErrorArgument(node) ? node.arguments?.[0] : undefined;
    // The code of an AppError is a word without a space.
    if (given) for (const words of textsOf(given)) if (words.trim().includes(" ")) add(given, words);
    // The table of codes holds its sentences in lists.
    if (path.endsWith("contract/src/errors.ts") && ts.isStringLiteralLike(node) && node.text.includes(" "))
      add(node, node.text);
    return false;
  });
