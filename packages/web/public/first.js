// Runs before everything else. A file of its own, because the content security policy refuses inline scripts.

// Zod would try to make code from text where a schema is made, which the policy forbids and browsers report.
globalThis.__zod_globalConfig = { jitless: true };

// Browsers in a system without a language ("C", "POSIX") call theirs "C" or "en-US@posix", for which `Intl` throws where a chart is made.
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en-US", configurable: true });
}

// Before the first paint, so that a dark room never sees a white flash. The rest of the theme lives in src/components/browser/theme.ts.
(() => {
  let choice = null;
  try {
    choice = JSON.parse(localStorage.getItem("treadle.theme") ?? "null");
  } catch {
    // Storage may be switched off; the system's choice is used then.
  }
  const isDark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
})();
