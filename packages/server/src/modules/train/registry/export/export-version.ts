import { createHash } from "node:crypto";
import type { ModelExport, ModelFile, ModelVersion } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { TarEntry } from "./tar.ts";

type Told = {
  readonly version: ModelVersion;
  readonly files: readonly ModelFile[];
  readonly card: string;
  /** The GGUF that is served, and of an adapter the one below it, with what they are called. */
  readonly served: { readonly model: ModelFile; readonly adapter: ModelFile | null } | null;
};

/** The content of a version's archive. */
export function exportVersion(objects: Pick<Objects, "get">, kind: ModelExport, told: Told): TarEntry[] {
  switch (kind) {
    case "files":
      return filesOf(objects, told);
    case "container":
      return containerOf(objects, told);
    case "oci":
      return ociOf(objects, told);
    default:
      return kind satisfies never;
  }
}

const text = (path: string, content: string): TarEntry => {
  const bytes = Buffer.from(content);
  return { path, sizeBytes: bytes.length, read: () => bytes };
};
const stored = (objects: Pick<Objects, "get">, path: string, { sizeBytes, sha256 }: ModelFile): TarEntry => ({
  path,
  sizeBytes,
  read: () => objects.get(sha256),
});
const isCard = (path: string) => /^(README|MODEL_CARD)[.]md$/i.test(path);

/** The files as they came, the card as README.md, and a list that `sha256sum -c` reads. */
function filesOf(objects: Pick<Objects, "get">, { version, files, card }: Told): TarEntry[] {
  const base = `${version.name}-v${version.version}`;
  return [
    text(`${base}/${files.some(({ path }) => isCard(path)) ? "TREADLE_CARD.md" : "README.md"}`, card),
    text(`${base}/SHA256SUMS`, files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join("")),
    ...files.map((file) => stored(objects, `${base}/${file.path}`, file)),
  ];
}

/** A fixed build: the rolling tag `server` changes after an export, and has been broken for days. */
const SERVER_IMAGE = "ghcr.io/ggml-org/llama.cpp:server-b10868";
/** The image runs as root by default. A number, since Kubernetes' `runAsNonRoot` cannot check a name. */
const SERVER_USER = "10001:10001";

/** A folder to build a container from that serves the model by OpenAI's API on port 8080. */
function containerOf(objects: Pick<Objects, "get">, { version, card, served }: Told): TarEntry[] {
  if (!served)
    throw new AppError("unprocessable", {
      message: `A container needs a GGUF file to serve. ${version.whyNot ?? ""} Export the files instead.`,
    });
  const context = version.facts.contextTokens ?? 2_048;
  const command = [
    "--model",
    "/models/model.gguf",
    "--host",
    "0.0.0.0",
    "--port",
    "8080",
    "--ctx-size",
    String(context),
  ];
  const adapter = served.adapter ? ["--lora", "/models/adapter.gguf"] : [];
  const lines = [
    "# The server of llama.cpp with the model inside.",
    "#   docker build -t model . && docker run -p 8080:8080 model",
    '#   curl http://localhost:8080/v1/chat/completions -d \'{"messages":[{"role":"user","content":"Hello"}]}\'',
    "# To use another build, or a digest from your own registry: docker build --build-arg SERVER_IMAGE=… .",
    `ARG SERVER_IMAGE=${SERVER_IMAGE}`,
    "FROM $SERVER_IMAGE",
    "COPY models/ /models/",
    `USER ${SERVER_USER}`,
    "EXPOSE 8080",
    `CMD ${JSON.stringify([...command, ...adapter, "--alias", version.name])}`,
    "",
  ];
  return [
    text("Containerfile", lines.join("\n")),
    text(
      "serve.sh",
      `#!/bin/sh\nexec llama-server --model models/model.gguf${served.adapter ? " --lora models/adapter.gguf" : ""} --ctx-size ${context} --port "\${PORT:-8080}"\n`,
    ),
    text("README.md", card),
    stored(objects, "models/model.gguf", served.model),
    ...(served.adapter ? [stored(objects, "models/adapter.gguf", served.adapter)] : []),
  ];
}

const digest = (bytes: string) => createHash("sha256").update(bytes).digest("hex");

/** An OCI image layout (image-spec v1.1) that holds an artifact: one layer for each file, named as registries' clients unpack them. */
function ociOf(objects: Pick<Objects, "get">, { version, files, card }: Told): TarEntry[] {
  const blob = (content: string, mediaType: string, title?: string) => ({
    content,
    descriptor: {
      mediaType,
      digest: `sha256:${digest(content)}`,
      size: Buffer.byteLength(content),
      ...(title === undefined ? {} : { annotations: { "org.opencontainers.image.title": title } }),
    },
  });
  const config = blob("{}", "application/vnd.oci.empty.v1+json");
  const readme = blob(card, "text/markdown", "README.md");
  const named = files.filter(({ path }) => path !== "README.md");
  const layers = named.map(({ path, sha256, sizeBytes }) => ({
    mediaType: "application/octet-stream",
    digest: `sha256:${sha256}`,
    size: sizeBytes,
    annotations: { "org.opencontainers.image.title": path },
  }));
  const manifest = blob(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      artifactType: "application/vnd.treadle.model.v1",
      config: config.descriptor,
      layers: [readme.descriptor, ...layers],
      annotations: {
        "org.opencontainers.image.title": version.name,
        "org.opencontainers.image.version": `v${version.version}`,
      },
    }),
    "application/vnd.oci.image.manifest.v1+json",
  );
  const reference = { "org.opencontainers.image.ref.name": `${version.name}:v${version.version}` };
  const index = { schemaVersion: 2, manifests: [{ ...manifest.descriptor, annotations: reference }] };
  const blobs = new Map<string, TarEntry>();
  for (const { content } of [config, readme, manifest])
    blobs.set(digest(content), text(`blobs/sha256/${digest(content)}`, content));
  for (const file of named)
    if (!blobs.has(file.sha256)) blobs.set(file.sha256, stored(objects, `blobs/sha256/${file.sha256}`, file));
  return [
    text("oci-layout", '{"imageLayoutVersion":"1.0.0"}'),
    text("index.json", JSON.stringify(index)),
    ...blobs.values(),
  ];
}
