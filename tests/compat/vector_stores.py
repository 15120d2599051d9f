"""Drives the vector stores of a running Treadle with OpenAI's Python client. Prints one line for each guarantee that holds."""

import os

import openai

url, key, embeddings = (os.environ[name] for name in ("BASE_URL", "API_KEY", "EMBEDDINGS"))
client = openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0)
settings = {"treadle": {"indexing": {"embeddingModel": embeddings}}}

store = client.vector_stores.create(name="Python", metadata={"team": "zoo"}, extra_body=settings)
assert store.object == "vector_store" and store.metadata == {"team": "zoo"}, store
print("ok create")

zebras = client.vector_stores.files.upload_and_poll(vector_store_id=store.id, file=("zebras.md", b"Zebras have stripes."))
assert zebras.status == "completed", zebras
plain = client.files.create(file=("lions.md", b"Lions sleep all day."), purpose="user_data")
lions = client.vector_stores.files.create_and_poll(plain.id, vector_store_id=store.id, attributes={"legs": 4, "wild": True})
assert lions.status == "completed" and lions.attributes == {"legs": 4, "wild": True}, lions
print("ok upload")

found = client.vector_stores.search(store.id, query="Which animal has stripes?", max_num_results=1).data
assert [hit.file_id for hit in found] == [zebras.id] and "stripes" in found[0].content[0].text, found
wild = {"type": "or", "filters": [{"type": "eq", "key": "wild", "value": True}, {"type": "in", "key": "legs", "value": [2]}]}
found = client.vector_stores.search(store.id, query="stripes", filters=wild, ranking_options={"score_threshold": 0.0}).data
assert [(hit.filename, hit.attributes) for hit in found] == [("lions.md", {"legs": 4, "wild": True})], found
print("ok search")

changed = client.vector_stores.files.update(lions.id, vector_store_id=store.id, attributes={"wild": False})
assert changed.attributes == {"wild": False}, changed
assert client.vector_stores.search(store.id, query="lions", filters=wild).data == []
print("ok attributes")

batch = client.vector_stores.file_batches.upload_and_poll(store.id, files=[("birds.md", b"Birds fly."), ("fish.md", b"Fish swim.")])
assert (batch.status, batch.file_counts.completed) == ("completed", 2), batch
print("ok batch")

names = [client.files.retrieve(file.id).filename for file in client.vector_stores.files.list(store.id, limit=2, order="asc")]
assert len(names) == 4 and names[:2] == ["zebras.md", "lions.md"], names
assert store.id in [each.id for each in client.vector_stores.list(limit=1)]
print("ok pages")

assert client.vector_stores.files.delete(lions.id, vector_store_id=store.id).deleted
assert client.vector_stores.delete(store.id).deleted
try:
    client.vector_stores.retrieve(store.id)
except openai.NotFoundError:
    print("ok delete")
