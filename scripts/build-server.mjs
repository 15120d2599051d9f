// The server in a few files instead of 2,000, which takes seconds off each start: docs/decisions/0031-the-server-starts-from-a-bundle.md.
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { root } from "./set-up.mjs";

/** Own code, and packages with many small files or a large list of exports, which Node reads again for each file. */
const BUNDLED = /^(\.|\/|@treadle\/|(drizzle-orm|zod|stdnum|libphonenumber-js)(\/|$))/;
const OWN = /\/packages\/[^/]+\/src\/.*\.ts$/;

/** Code uses its own address to find files next to it, so each file retains the address of its source. */
const keepAddresses = {
  name: "keep-addresses",
  transform(code, path) {
    if (!OWN.test(path) || !code.includes("import.meta.")) return null;
    const placed = code
      .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href))
      .replaceAll("import.meta.dirname", JSON.stringify(dirname(path)));
    // Lines stay where they are, so the source map needs no change.
    return { code: placed, map: null };
  },
};

const bundle = await rolldown({
  input: join(root, "packages", "server", "src", "main.ts"),
  platform: "node",
  external: (name) => !BUNDLED.test(name),
  plugins: [keepAddresses],
});
await bundle.write({
  dir: join(root, "packages", "server", "dist"),
  entryFileNames: "[name].mjs",
  chunkFileNames: "[name].mjs",
  sourcemap: true,
});
await bundle.close();
