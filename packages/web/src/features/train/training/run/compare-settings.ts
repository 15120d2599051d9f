/** Settings that differ between runs, by path such as `lora.r`, each with its values as text. */
export function differingSettings(configs: readonly object[]): readonly { path: string; values: readonly string[] }[] {
  const flat = configs.map((config) => new Map(entriesOf(config, "")));
  const paths = [...new Set(flat.flatMap((one) => [...one.keys()]))].sort();
  return paths.flatMap((path) => {
    const values = flat.map((one) => one.get(path) ?? "–");
    return new Set(values).size > 1 ? [{ path, values }] : [];
  });
}

function entriesOf(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [[path, typeof value === "string" ? value : JSON.stringify(value ?? null)]];
  return Object.entries(value).flatMap(([key, part]) => entriesOf(part, path === "" ? key : `${path}.${key}`));
}
