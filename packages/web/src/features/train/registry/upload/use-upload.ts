import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "../../../../api.ts";
import { forget, readStored, store } from "../../../../components/browser/stored-state.ts";
import { useProject } from "../../../system/session/index.ts";
import type { Finding } from "../shared/use-registry.ts";
import { type ChosenFile, printOf } from "./chosen-files.ts";
import { sendFiles } from "./send-files.ts";

type Left = { uploadId: string; print: string } | null;

/** Uploads the files of a model. An interrupted upload of the same files resumes for two days in this browser. */
export function useUpload() {
  const { id, client } = useProject();
  const key = `model-upload.${id}`;
  const [sentBytes, setSentBytes] = useState(0);
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const send = useMutation({
    async mutationFn(files: readonly ChosenFile[]) {
      const print = printOf(files);
      const left = readStored<Left>(key, null);
      setSentBytes(0);
      abort.current = new AbortController();
      return sendFiles(client, {
        files,
        uploadId: left?.print === print ? left.uploadId : undefined,
        onStart: (uploadId) => store(key, { uploadId, print }),
        onProgress: setSentBytes,
        signal: abort.current.signal,
      });
    },
  });
  return {
    send,
    sentBytes,
    /** Cancels the upload and discards its parts. */
    cancel() {
      abort.current?.abort();
      const left = readStored<Left>(key, null);
      forget(key);
      send.reset();
      // The server discards them after two days if this request fails.
      if (left)
        void client
          .call("DELETE /api/v1/registry/uploads/:uploadId", { params: { uploadId: left.uploadId } })
          .catch(() => undefined);
    },
    /** Forgets an upload that has become a version. */
    settle: () => forget(key),
  };
}

/** Scans the files of an upload and reports problems per file. */
export function useScan() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (uploadId: string) =>
      client.call("POST /api/v1/registry/scans", { body: { source: `upload:${uploadId}` } }),
  });
}

/** The files that the server rejected by name, before any was sent. */
export function refusedIn(error: unknown): readonly Finding[] {
  const details = error instanceof ApiError ? error.details : undefined;
  const findings =
    typeof details === "object" && details !== null && "findings" in details ? details.findings : undefined;
  return Array.isArray(findings)
    ? findings.filter((one): one is Finding => typeof one?.path === "string" && typeof one?.message === "string")
    : [];
}
