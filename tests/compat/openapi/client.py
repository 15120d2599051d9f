"""Drives a running Treadle with the client that was generated from its API description. Prints one line for each guarantee that holds."""

import os

from treadle_api.api.datasets import add_dataset_items, create_dataset, get_dataset, list_datasets
from treadle_api.client import AuthenticatedClient
from treadle_api.models import AddDatasetItemsBody, AddDatasetItemsResponse201, Dataset, DatasetInput, Error, ItemInput

url, key = (os.environ[name] for name in ("BASE_URL", "API_KEY"))
client = AuthenticatedClient(base_url=url, token=key)

created = create_dataset.sync(client=client, body=DatasetInput(name="Support questions"))
assert isinstance(created, Dataset), created
print("ok create")

item = ItemInput.from_dict({"inputs": {"question": "How do I get a refund?"}, "expected": "Open your order."})
added = add_dataset_items.sync(created.dataset_id, client=client, body=AddDatasetItemsBody(items=[item]))
assert isinstance(added, AddDatasetItemsResponse201) and len(added.item_ids) == 1, added
print("ok items")

page = list_datasets.sync(client=client, limit=10)
assert [found.name for found in page.items] == ["Support questions"] and page.next_cursor is None, page
print("ok list")

missing = get_dataset.sync("dst_missing", client=client)
assert isinstance(missing, Error) and missing.error.code == "not_found", missing
print("ok missing")

refused = list_datasets.sync(client=AuthenticatedClient(base_url=url, token="tr_wrong"))
assert isinstance(refused, Error) and refused.error.code == "unauthorized", refused
print("ok unauthorized")
