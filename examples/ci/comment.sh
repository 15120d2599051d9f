# Puts a decision into the comments of a pull request: over the one of the same suite, or as a new one.
# Usage: COMMENTS=repos/OWNER/NAME/issues/NUMBER/comments comment.sh FILE
set -euo pipefail
[ -f "$1" ] || exit 0
mark=$(head -n 1 "$1")
id=$(gh api "$COMMENTS" --paginate --jq ".[] | select(.body | startswith($(printf '%s' "$mark" | jq -Rs .))) | .id" | head -n 1)
if [ -n "$id" ]; then
  gh api --method PATCH "${COMMENTS%/*/comments}/comments/$id" -F "body=@$1" > treadle-comment.json
else
  gh api --method POST "$COMMENTS" -F "body=@$1" > treadle-comment.json
fi
