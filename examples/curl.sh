#!/bin/sh
# Calls a model through Treadle, plain in OpenAI's format and streamed in Anthropic's.
set -eu
url=${TREADLE_URL:-http://127.0.0.1:4747}
model=${TREADLE_MODEL:-smollm2-135m-instruct}

curl --silent --show-error --fail-with-body "$url/v1/chat/completions" \
  -H "authorization: Bearer $TREADLE_API_KEY" -H "content-type: application/json" \
  -d '{"model": "'"$model"'", "messages": [{"role": "user", "content": "What is the capital of France?"}]}'
echo

curl --silent --show-error --fail-with-body --no-buffer "$url/v1/messages" \
  -H "x-api-key: $TREADLE_API_KEY" -H "content-type: application/json" \
  -d '{"model": "'"$model"'", "max_tokens": 50, "stream": true, "messages": [{"role": "user", "content": "Name three rivers."}]}'
