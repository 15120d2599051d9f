/** A chat request as a program or a shell would send it. */
type Request = Readonly<Record<string, unknown>>;

export const CODE_KINDS = ["curl", "TypeScript", "Python"] as const;
export type CodeKind = (typeof CODE_KINDS)[number];

/** The same request in one of three languages, against this server. The key stays in the environment. */
export function codeFor(kind: CodeKind, request: Request, url: string): string {
  if (kind === "curl") return curl(request, url);
  return kind === "TypeScript" ? typescript(request, url) : python(request, url);
}

/** Single quotes in a shell: close, escaped quote, open again. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

const curl = (request: Request, url: string) => `curl ${url}/v1/chat/completions \\
  -H "Authorization: Bearer $TREADLE_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d ${quoted(JSON.stringify(request, null, 2))}`;

const typescript = (request: Request, url: string) => `import { env } from "node:process";
import OpenAI from "openai";

const client = new OpenAI({ baseURL: ${JSON.stringify(`${url}/v1`)}, apiKey: env.TREADLE_API_KEY });

const answer = await client.chat.completions.create(${JSON.stringify(request, null, 2)});
console.log(answer.choices[0].message.content);`;

function python(request: Request, url: string) {
  const args = Object.entries(request).map(([name, value]) => `    ${name}=${pythonValue(value, 1)},`);
  return `import os
from openai import OpenAI

client = OpenAI(base_url=${JSON.stringify(`${url}/v1`)}, api_key=os.environ["TREADLE_API_KEY"])

answer = client.chat.completions.create(
${args.join("\n")}
)
print(answer.choices[0].message.content)`;
}

function pythonValue(value: unknown, depth: number): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((item) => pythonValue(item, depth + 1))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${pythonValue(item, depth + 1)}`);
  const [open, close] = isList ? "[]" : "{}";
  const line = `${open}${parts.join(", ")}${close}`;
  if (line.length <= 72 && !line.includes("\n")) return line;
  const indent = "    ".repeat(depth + 1);
  return `${open}\n${parts.map((part) => `${indent}${part},`).join("\n")}\n${"    ".repeat(depth)}${close}`;
}
