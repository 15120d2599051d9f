// Checks the words of the docs, the web app, the errors and the commit subjects below the current folder.
// With --update it lowers the allowed counts of scripts/words/allowed.json to what there is; it never raises one.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { lowerAllowance } from "./words/allowance.mjs";
import { findPhrases } from "./words/phrases.mjs";
import { readMarkdown } from "./words/read-markdown.mjs";
import { readErrors, readInterface } from "./words/read-program.mjs";
import { findLongSentences, MOST_WORDS } from "./words/sentences.mjs";

const ALLOWED = "scripts/words/allowed.json";
const LONGEST_SUBJECT = 72;

/** A file without any of these is not worth parsing: most of the server's. */
const MAY_HOLD_ERRORS = /Error\(|\b(?:message|error|remedy):|\bconst ERRORS\b/;

/** Which files are read, and how: each gives texts with the line on which they begin. */
const READERS = [
  {
    isAbout: (path) => /^(?:README|CONTRIBUTING|ARCHITECTURE)\.md$|^docs\/(?!reference\/).*\.md$/.test(path),
    read: (_path, text) => readMarkdown(text),
  },
  { isAbout: (path) => /^packages\/web\/src\/.*\.tsx?$/.test(path), read: readInterface },
  {
    isAbout: (path) => /^packages\/(?:server|cli|contract)\/src\/.*\.ts$/.test(path),
    read: (path, text) => (MAY_HOLD_ERRORS.test(text) ? readErrors(path, text) : []),
  },
];
const isTest = (path) => /\.test\.tsx?$|\/testing\//.test(path);

const git = (...args) =>
  execFileSync("git", args, { encoding: "utf8", maxBuffer: 2 ** 26, stdio: ["ignore", "pipe", "ignore"] });

/** Every file that is or would be committed. */
const listFiles = () =>
  [...new Set(git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"))]
    .filter(existsSync)
    .sort();

const lineAt = ({ line, text }, index) => line + (text.slice(0, index).split("\n").length - 1);

/** The findings of a text: the line, and a message for its author. */
const checkText = (block) => [
  ...findPhrases(block.text).map(({ index, words, instead }) => ({
    line: lineAt(block, index),
    finding: `"${words.replace(/\s+/g, " ")}": write ${instead}`,
  })),
  ...findLongSentences(block.text).map(({ index, text, words }) => ({
    line: lineAt(block, index),
    finding: `a sentence of ${words} words (at most ${MOST_WORDS}): ${text.trim().replace(/\s+/g, " ").slice(0, 70)}…`,
  })),
];

/** The findings of every file that has some. */
function checkFiles() {
  const findings = {};
  for (const path of listFiles()) {
    const reader = isTest(path) ? undefined : READERS.find(({ isAbout }) => isAbout(path));
    const found = reader?.read(path, readFileSync(path, "utf8")).flatMap(checkText) ?? [];
    if (found.length > 0) findings[path] = found.sort((a, b) => a.line - b.line);
  }
  return findings;
}

/** The subjects of this branch's commits, or of the last one where there is no origin/main to count from. */
function listSubjects() {
  const log = (...args) =>
    git("log", "--no-merges", "--format=%h %s", ...args)
      .split("\n")
      .filter(Boolean);
  try {
    return log("origin/main..HEAD");
  } catch {
    try {
      return log("-1");
    } catch {
      return [];
    }
  }
}

const checkSubject = (subject) => [
  ...(subject.length > LONGEST_SUBJECT ? [`${subject.length} characters (at most ${LONGEST_SUBJECT})`] : []),
  ...findPhrases(subject).map(({ words, instead }) => `"${words}": write ${instead}`),
];

const findings = checkFiles();
const counts = Object.fromEntries(Object.entries(findings).map(([path, found]) => [path, found.length]));
let allowed = existsSync(ALLOWED) ? JSON.parse(readFileSync(ALLOWED, "utf8")) : {};
if (process.argv.includes("--update")) {
  allowed = lowerAllowance(allowed, counts, existsSync);
  writeFileSync(ALLOWED, `${JSON.stringify(allowed, null, 2)}\n`);
}

const over = Object.keys(findings).filter((path) => counts[path] > (allowed[path] ?? 0));
for (const path of over) {
  console.error(`${path}: ${counts[path]} findings, ${allowed[path] ?? 0} allowed`);
  for (const { line, finding } of findings[path]) console.error(`  ${path}:${line}: ${finding}`);
}
const subjects = listSubjects().flatMap((line) => {
  const [hash, ...words] = line.split(" ");
  return checkSubject(words.join(" ")).map((finding) => `commit ${hash}: ${finding}`);
});
for (const finding of subjects) console.error(finding);

const sum = (numbers) => Object.values(numbers).reduce((total, number) => total + number, 0);
const fallen = Object.keys(allowed).filter((path) => (counts[path] ?? 0) < allowed[path]).length;
console.log(
  `${sum(counts)} findings, ${sum(allowed)} allowed; ${over.length} files over, ${subjects.length} in commit subjects`,
);
if (fallen > 0) console.log(`${fallen} files have fewer than allowed: node scripts/check-words.mjs --update`);
process.exitCode = over.length + subjects.length > 0 ? 1 : 0;
