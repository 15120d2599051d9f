import { basename } from "node:path";
import ts from "typescript";
import { lineCount, type Source } from "./sources.ts";

/** A rule about files: which files it checks, its findings for a file, and a file that it must reject. */
type ShapeRule = {
  readonly name: string;
  readonly isAbout: (path: string) => boolean;
  readonly find: (source: Source) => string[];
  readonly offence: Source;
};

const LONGEST_FILE = 400;
const LONGEST_INDEX = 30;
const LONGEST_COMPONENT = 120;
const BANNED = new Set(["utils", "util", "helpers", "helper", "common", "misc", "types", "manager", "base"]);
/** Names that follow another convention. Python modules cannot contain a hyphen. */
const NAMED_BY_OTHERS =
  /^(README|ARCHITECTURE|CONTRIBUTING|CHANGELOG|LICENSE|Containerfile|NOTICE)(\.md)?$|^\.[a-z]|^(__[a-z]+__|[a-z0-9]+(_[a-z0-9]+)*)\.py$|^treadle_trainer$/;

const isCode = (path: string) => /\.(ts|tsx|mjs)$/.test(path) && !path.endsWith(".d.ts");
const isTest = (path: string) => /\.test\.tsx?$|\/testing\//.test(path) || path.startsWith("tests/");
const isProduct = (path: string) => /^packages\/[^/]+\/src\//.test(path) && isCode(path) && !isTest(path);
const isProgram = (path: string) => /^(packages|scripts|tests|bench|examples)\//.test(path);

export const SHAPE_RULES: readonly ShapeRule[] = [
  {
    name: "a source file has at most 400 lines",
    isAbout: (path) => /\.(ts|tsx|mjs|css|py|sql)$/.test(path),
    find: ({ text }) => (lineCount(text) > LONGEST_FILE ? [`${lineCount(text)} lines`] : []),
    offence: { path: "packages/web/src/app.css", text: "a {}\n".repeat(LONGEST_FILE + 1) },
  },
  {
    name: "an index has at most 30 lines",
    // In the web app, an index contains the routes of a feature.
    isAbout: (path) => /^packages\/(?!web\/)[^/]+\/src\/.*index\.ts$/.test(path),
    find: ({ text }) => (lineCount(text) > LONGEST_INDEX ? [`${lineCount(text)} lines`] : []),
    offence: {
      path: "packages/server/src/modules/system/audit/index.ts",
      text: "export {};\n".repeat(LONGEST_INDEX + 1),
    },
  },
  {
    name: "a component has at most 120 lines",
    isAbout: (path) => /^packages\/web\/src\/.*\.tsx$/.test(path) && isProduct(path),
    find: (source) =>
      functionSizes(source)
        .filter((lines) => lines > LONGEST_COMPONENT)
        .map((lines) => `${lines} lines`),
    offence: {
      path: "packages/web/src/app.tsx",
      text: `export function App() {\n${"  useProject();\n".repeat(LONGEST_COMPONENT)}}\n`,
    },
  },
  {
    name: "files and folders are named in kebab-case",
    isAbout: isProgram,
    find: ({ path }) =>
      path
        .split("/")
        .filter((part) => !NAMED_BY_OTHERS.test(part) && !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(part)),
    offence: { path: "packages/server/src/kernel/newId.ts", text: "" },
  },
  {
    name: "a file is named for what it holds",
    isAbout: isProgram,
    find: ({ path }) => path.split("/").filter((part) => BANNED.has(part.split(".")[0] ?? "")),
    offence: { path: "packages/server/src/kernel/utils.ts", text: "" },
  },
  {
    name: "only config.ts, main.ts, the command line and the settings of tests read the environment",
    isAbout: (path) =>
      isProduct(path) &&
      !/^packages\/(cli\/src\/|server\/src\/(config|main)\.ts$|sdk\/src\/vitest\/test-settings\.ts$)/.test(path),
    find: (source) => findNodes(source, (node) => (isEnvironment(node) ? "environment" : undefined)),
    offence: { path: "packages/server/src/app.ts", text: "const port = process.env.PORT;" },
  },
  {
    name: "SQL is written in stores only",
    isAbout: (path) =>
      /^packages\/server\/src\/modules\//.test(path) && isProduct(path) && !/[-/](store|schema|sql)\.ts$/.test(path),
    find: ({ text }) => text.match(/\b(SELECT|INSERT INTO|DELETE FROM|UPDATE \w+ SET)\b[^;\n]*/g) ?? [],
    offence: {
      path: "packages/server/src/modules/system/audit/service.ts",
      text: 'const all = "SELECT * FROM audit_entries";',
    },
  },
  {
    name: "no default export, enum, any, non-null assertion or free-standing class",
    isAbout: isProduct,
    find: (source) => findNodes(source, nameOfForbidden),
    offence: {
      path: "packages/server/src/app.ts",
      text: "export default class A { b: any = 1; c = this.b!; } enum D { E }",
    },
  },
  {
    // docs/decisions/0023-no-getters-where-requests-pass.md
    name: "what is made for each request has no getters",
    isAbout: (path) =>
      /^packages\/server\/src\/(kernel|platform\/(http|outbound|spool)|modules\/build\/gateway)\//.test(path) &&
      isProduct(path),
    find: (source) => findNodes(source, (node) => (isGetterOfLiteral(node) ? "getter" : undefined)),
    offence: {
      path: "packages/server/src/platform/http/answer/raw-sink.ts",
      text: "const sinkOf = (response: { open: boolean }) => ({ get isOpen() { return response.open; } });",
    },
  },
  {
    name: "no test is skipped, alone or unwritten, and nothing is mocked from outside",
    isAbout: (path) => /\.test\.tsx?$/.test(path) && path !== "tests/shape.test.ts",
    find: ({ text }) =>
      text.match(
        /\b(test|it|describe)(\.\w+)*\.(skip|only|todo|skipIf|fails)\b|\bvi\.(mock|doMock)\b|\bx(it|describe)\(/g,
      ) ?? [],
    offence: { path: "tests/a.test.ts", text: 'test.skip("a", () => {}); vi.mock("b");' },
  },
  {
    name: "no rule is switched off in place",
    isAbout: (path) => isProgram(path) && isCode(path) && path !== "tests/setup/shape-rules.ts",
    find: ({ text }) => text.match(/@ts-(ignore|nocheck|expect-error)|biome-ignore-all|eslint-disable/g) ?? [],
    offence: { path: "packages/server/src/app.ts", text: "// @ts-ignore" },
  },
  {
    name: "every dependency is pinned to one version",
    isAbout: (path) => basename(path) === "package.json",
    find: loosePins,
    offence: { path: "package.json", text: '{ "dependencies": { "zod": "^4.0.0" } }' },
  },
];

/** The findings of a file: the text that `nameOf` returns for a node, with the node's line. */
function findNodes(source: Source, nameOf: (node: ts.Node) => string | undefined): string[] {
  const findings: string[] = [];
  const file = parse(source);
  const visit = (node: ts.Node) => {
    const name = nameOf(node);
    if (name) findings.push(`${name} in line ${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return findings;
}

const isEnvironment = (node: ts.Node) =>
  ts.isPropertyAccessExpression(node) &&
  node.name.text === "env" &&
  (ts.isMetaProperty(node.expression) || node.expression.getText() === "process");

const isGetterOfLiteral = (node: ts.Node) => ts.isGetAccessor(node) && ts.isObjectLiteralExpression(node.parent);

const parse = ({ path, text }: Source) =>
  ts.createSourceFile(
    path,
    text,
    ts.ScriptTarget.Latest,
    true,
    path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );

function nameOfForbidden(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AnyKeyword) return "any";
  if (ts.isNonNullExpression(node)) return "non-null assertion";
  if (ts.isEnumDeclaration(node)) return "enum";
  if (ts.isExportAssignment(node) || node.kind === ts.SyntaxKind.DefaultKeyword) return "default export";
  if (ts.isClassLike(node) && !node.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword))
    return "class that extends nothing";
  return undefined;
}

function loosePins({ text }: Source): string[] {
  const manifest: Record<string, Record<string, string>> = JSON.parse(text);
  const groups = ["dependencies", "devDependencies", "optionalDependencies"];
  return groups
    .flatMap((group) => Object.entries(manifest[group] ?? {}))
    .filter(([, version]) => !/^(npm:[@\w/.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} ${version}`);
}

/** The number of lines of each function, including the first and the last. */
export function functionSizes(source: Source): number[] {
  const sizes: number[] = [];
  const file = parse(source);
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node) => {
    if (ts.isFunctionLike(node) && "body" in node && node.body)
      sizes.push(lineOf(node.end) - lineOf(node.getStart()) + 1);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return sizes;
}
