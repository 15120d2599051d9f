import type { DocumentFinding, KnowledgeReading } from "@treadle/contract";
import type { ParsedText } from "@treadle/retrieval";
import { AppError } from "../../../../kernel/errors.ts";
import { messageOf } from "../../../../kernel/message-of.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { createBaseStore } from "../stores/base-store.ts";
import { createBlobs } from "../stores/blobs.ts";
import type { KnowledgeDeps } from "../stores/deps.ts";
import { createDocumentStore, type DocumentRow } from "../stores/document-store.ts";
import { deleteUnused } from "../stores/object-store.ts";
import { checkDocument } from "./check-document.ts";
import { readScans } from "./read-scans.ts";

/** Characters that show the language. */
const LANGUAGE_CHARACTERS = 5_000;
/** Pages that a warning names. */
const MOST_NAMED = 10;

type Order = { readonly scope: Scope; readonly reading: KnowledgeReading; readonly signal: AbortSignal };

/** Parses a waiting document, or notes why that failed. A document that was deleted or replaced meanwhile stays as it is. */
export async function parseDocument(deps: KnowledgeDeps, row: DocumentRow, order: Order): Promise<void> {
  const { bytes, ...changes } = await readDocument(deps, row, order).catch((error) => {
    // Anything else is a fault of this server, or its end, and the job is tried again.
    if (!(error instanceof AppError) || error.status >= 500 || error.code === "cancelled") throw error;
    return { state: "failed" as const, error: messageOf(error), parsedObject: null, facts: null, bytes: null };
  });
  const { db, objects, clock } = deps;
  const { projectId, baseId } = row;
  const blobs = createBlobs(objects);
  const isStored = await db.transaction(async (tx) => {
    await createBaseStore(tx).lockBase(projectId, baseId);
    const updatedAt = new Date(clock.now());
    const quarantine = quarantineOf(row, { state: changes.state, now: updatedAt });
    if (!(await createDocumentStore(tx).updateParsed(row, { ...changes, ...quarantine, updatedAt }))) return false;
    if (quarantine) await createBaseStore(tx).changeAccess(projectId, baseId);
    if (bytes && changes.parsedObject) await blobs.keep(baseId, changes.parsedObject, bytes);
    return true;
  });
  const unused = isStored ? row.parsedObject : changes.parsedObject;
  await deleteUnused(db, blobs, { base: { projectId, baseId }, objects: [unused] });
}

/** The change of quarantine, if there is one. A document that could not be read stays in it. */
function quarantineOf({ quarantinedAt }: DocumentRow, { state, now }: { state: DocumentRow["state"]; now: Date }) {
  if (state === "quarantined") return quarantinedAt === null ? { quarantinedAt: now } : null;
  return state === "parsed" && quarantinedAt !== null ? { quarantinedAt: null } : null;
}

async function readDocument(deps: KnowledgeDeps, row: DocumentRow, { scope, reading, signal }: Order) {
  const { baseId, key, contentObject, mediaType, ownTitle } = row;
  const blobs = createBlobs(deps.objects);
  const [file, name] = [await blobs.get(contentObject), fileNameOf(row)];
  const { format, parsed: plain } = await deps.documents.parse({ bytes: file, name, mediaType });
  const parsed = format === "pdf" ? await readScans(deps, plain, { bytes: file, reading, signal }) : plain;
  if (parsed.text.trim() === "") throw new AppError("unprocessable", { message: noText(parsed) });
  const { findings, isHeld } = await checkDocument(deps, parsed, { scope, reading, signal });
  const isQuarantined = isHeld && row.releasedHash !== row.contentHash;
  const bytes = Buffer.from(JSON.stringify(parsed));
  const { object } = await blobs.put(baseId, bytes);
  const facts = {
    format,
    characters: parsed.text.length,
    pages: parsed.pages.length || null,
    language: await deps.languageOf(parsed.text.slice(0, LANGUAGE_CHARACTERS)),
    warnings: [...parsed.warnings, ...(findings.length > 0 && !isQuarantined ? [findingsText(findings)] : [])],
    findings,
  };
  return {
    ...(isQuarantined ? { state: "quarantined" as const, error: HELD } : { state: "parsed" as const, error: null }),
    parsedObject: object,
    bytes,
    facts,
    title: ownTitle ?? parsed.title ?? nameOf(key),
  };
}

const HELD = "A check found text that can harm. Read the marked places, then release the document or delete it.";

/** Which detectors found something, and on which pages. */
function findingsText(findings: readonly DocumentFinding[]): string {
  const detectors = [...new Set(findings.map(({ detector }) => detector))].join(", ");
  const pages = [...new Set(findings.flatMap(({ page }) => page ?? []))].sort((a, b) => a - b);
  const where = pages.length > 0 ? ` on page ${pages.slice(0, MOST_NAMED).join(", ")}` : "";
  return `${findings.length === 1 ? "1 place was" : `${findings.length} places were`} found by ${detectors}${where}.`;
}

function noText({ pages, warnings }: ParsedText): string {
  if (pages.length === 0) return "The document has no text.";
  const reason = warnings.at(-1);
  return `The document has no text, only images of pages.${reason ? ` ${reason}` : " Upload a version with text, or turn on OCR in the settings."}`;
}

/** The last part of a key, which can be a path or an address. */
export const nameOf = (key: string) => key.split("/").findLast((part) => part !== "") ?? key;

/** What a parser calls a document. The end of a page's address, such as `.php`, says nothing about its format. */
function fileNameOf({ key, mediaType }: DocumentRow): string {
  if (!/^https?:/.test(key) || !URL.canParse(key)) return key;
  const { pathname, hostname } = new URL(key);
  const name = pathname.split("/").findLast((part) => part !== "") ?? hostname;
  return mediaType.startsWith("text/html") ? `${name}.html` : name;
}
