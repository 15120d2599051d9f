/** The pages of a chunk: `page 3`, `pages 3 to 4`. Empty for a format without pages. */
export function pageWords(page: number | null, lastPage: number | null): string {
  if (page === null) return "";
  return lastPage === null || lastPage === page ? `page ${page}` : `pages ${page} to ${lastPage}`;
}
