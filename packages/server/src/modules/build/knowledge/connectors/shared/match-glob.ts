/**
 * Whether a path matches a glob pattern. `*` and `?` stay within a folder, and `**` as a part is any number of folders. A pattern
 * without `/` is for the name in any folder, and one that ends with `/` for all that is below. The time is in proportion to the length
 * of the pattern times the length of the path, whatever they are.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  const bare = pattern.replace(/^\//, "");
  const whole = bare.endsWith("/") ? `${bare}**` : bare;
  const parts = whole.includes("/") ? whole.split("/") : ["**", whole];
  // Whether the first parts of the pattern match the first parts of the path, for each number of parts of the pattern.
  let row = startRow(parts);
  for (const name of path.split("/")) row = nextRow(parts, row, name);
  return row.at(-1) === true;
}

function startRow(parts: readonly string[]): boolean[] {
  const row = [true];
  for (const part of parts) row.push(part === "**" && row.at(-1) === true);
  return row;
}

function nextRow(parts: readonly string[], row: readonly boolean[], name: string): boolean[] {
  const next = [false];
  for (const [index, part] of parts.entries()) {
    const isAny = part === "**" && (row[index + 1] === true || next[index] === true);
    next.push(isAny || (row[index] === true && (part === "**" || matchesName(part, name))));
  }
  return next;
}

/** On a mismatch, the last `*` takes one more character: earlier ones never need to. */
function matchesName(pattern: string, name: string): boolean {
  let [at, star, resume] = [0, -1, 0];
  for (let index = 0; index < name.length; ) {
    if (pattern[at] === "*") {
      star = at++;
      resume = index;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === name[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

type Patterns = { readonly include?: readonly string[]; readonly exclude?: readonly string[] };

/** Files that hold no text for sure. */
const NO_TEXT =
  /\.(?:png|jpe?g|gif|webp|avif|svg|ico|bmp|tiff?|mp[34]|m4[av]|webm|mov|avi|ogg|wav|flac|woff2?|ttf|eot|otf|css|map|zip|gz|tgz|bz2|xz|7z|rar|exe|dll|so|dylib|dmg|iso|apk|jar|class|pyc|o|a|bin|wasm|db|sqlite|parquet|lock)$/i;
const HIDDEN = /(?:^|\/)\./;

/** Whether the patterns of a source select a path. Hidden files and files without text are never selected. */
export const createSelection =
  ({ include = [], exclude = [] }: Patterns) =>
  (path: string): boolean =>
    !HIDDEN.test(path) &&
    !NO_TEXT.test(path) &&
    (include.length === 0 || include.some((pattern) => matchesGlob(pattern, path))) &&
    !exclude.some((pattern) => matchesGlob(pattern, path));
