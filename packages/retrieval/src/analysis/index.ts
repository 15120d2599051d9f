export { analyzeQuery } from "./analyze-query.ts";
export { ANALYSIS_VERSION, type Analyzer, createAnalyzer, type TermSpan } from "./analyzer.ts";
export { ANALYZED_LANGUAGES, analyzedLanguage, UNKNOWN_LANGUAGE } from "./languages.ts";
