import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ModelImportInput } from "@treadle/contract";
import { z } from "zod";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import { findBase } from "../refs/find-base.ts";
import { scanFiles } from "../scan/scan-files.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import type { NewVersion } from "../versions/create-version.ts";
import { type Fetched, fetchFiles } from "./fetch-files.ts";
import { parseModelSource } from "./parse-source.ts";
import type { Uploads } from "./uploads-service.ts";

const IMPORT: JobKind<ModelImportInput, null> = { name: "model-import", payload: ModelImportInput, state: z.null() };

type Deps = RegistryDeps & {
  readonly uploads: Uploads;
  readonly createVersion: (scope: Scope, given: NewVersion) => Promise<{ name: string; version: number }>;
};

/** Imports models as jobs: downloads, scans, stores. A partial download is continued. */
export function createImports(deps: Deps) {
  const { db, jobs, uploads, createVersion, inference, folder } = deps;
  jobs.register(IMPORT, { run: runImport });

  const folderOf = (scope: Scope, source: string) =>
    join(folder, "arriving", createHash("sha256").update(`${scope.projectId}\n${source}`).digest("hex").slice(0, 32));

  async function runImport({ scope, payload, signal, report }: JobRun<ModelImportInput, null>) {
    const source = parseModelSource(payload.source);
    const arriving = folderOf(scope, payload.source);
    const watch = {
      folder: arriving,
      signal,
      onStep: (message: string) => report({ message }),
      onBytes: (done: number, total: number) => report({ done, total, unit: "bytes" }),
    };
    const fetched = await fetchFiles(deps, { scope, source }, watch);
    report({ message: "Checking the files" });
    const { name, leaveOut, license = null, notes, tags, alias = null, base = null } = payload;
    const made = await createVersion(scope, {
      name,
      leaveOut,
      license,
      notes,
      tags,
      alias,
      base,
      signal,
      files: fetched.files,
      source: fetched.source,
      licenseSaid: fetched.license,
      onFile: (done, total) => report({ done, total, unit: "bytes", message: "Storing the files" }),
    });
    await rm(arriving, { recursive: true, force: true });
    if (source.kind === "upload") await uploads.delete(scope, source.uploadId);
    return made;
  }

  return {
    /** Rejects requests that are invalid by themselves. */
    async start(scope: Scope, input: ModelImportInput): Promise<{ jobId: string }> {
      const source = parseModelSource(input.source);
      if (source.kind === "upload") await uploads.get(scope, source.uploadId);
      if (source.kind === "path") await deps.modelFolders.locate(source.path);
      if (input.base !== undefined) await findBase(deps, scope, input.base);
      const title = `Import ${input.name} from ${input.source}`;
      const key = `${input.name} ${input.source}`;
      const order = { kind: IMPORT, payload: input, title, subject: input.name, key };
      return { jobId: await db.transaction((tx) => jobs.send(tx, scope, order)) };
    },

    /** Previews an import of an upload or a path. Nothing is stored. */
    async scan(scope: Scope, text: string, signal: AbortSignal) {
      const source = parseModelSource(text);
      const arriving = `${folderOf(scope, text)}-scan`;
      const idle = { folder: arriving, signal, onStep: () => {}, onBytes: () => {} };
      const fetched: Fetched = await fetchFiles(deps, { scope, source }, idle);
      try {
        const { findings, formats } = await scanFiles(inference, fetched.files);
        const isSafe = formats.length > 0 && findings.every(({ level }) => level !== "refused");
        return { isSafe, format: formats[0] ?? null, findings: [...findings] };
      } finally {
        await rm(arriving, { recursive: true, force: true });
      }
    },
  };
}
