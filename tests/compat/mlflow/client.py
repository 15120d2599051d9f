"""Drives Treadle with MLflow's client. Each check prints its name. The first failure ends the program."""

import hashlib
import json
import os
import pathlib
import sys
import tempfile

os.environ["MLFLOW_TRACKING_URI"] = os.environ["BASE_URL"]
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "0"

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

WANTED = json.loads(os.environ["WANTED"])
client = MlflowClient()


def check(name, holds):
    if not holds:
        sys.exit(f"failed: {name}")


def names(**search):
    return [model.name for model in client.search_registered_models(**search)]


def numbers(**search):
    return [(found.name, found.version) for found in client.search_model_versions(**search)]


def fails(call, code):
    try:
        call()
    except MlflowException as error:
        if error.error_code != code:
            sys.exit(f"failed: {error.error_code} where {code} was to come: {error}")
        return str(error)
    sys.exit(f"failed: {code} was to come")


def models():
    check("all, by name", names() == ["chat-base", "support", "support-eu"])
    check("by name, downwards", names(order_by=["name DESC"]) == ["support-eu", "support", "chat-base"])
    by_time = names(order_by=["last_updated_timestamp DESC", "name ASC"])
    check("by time", sorted(by_time) == names() and by_time[0] == "support")
    check("exact", names(filter_string="name = 'support'") == ["support"])
    check("like", names(filter_string="name LIKE 'sup%'") == ["support", "support-eu"])
    check("case counts", names(filter_string="name LIKE 'SUP%'") == [])
    check("ilike", names(filter_string="name ILIKE 'SUP%'") == ["support", "support-eu"])
    check("one sign", names(filter_string="name LIKE 'support_eu'") == ["support-eu"])
    check("not", names(filter_string="name != 'support'") == ["chat-base", "support-eu"])
    check("tag", names(filter_string="tags.team = 'eu'") == ["support-eu"])
    check("tag in ticks", names(filter_string="tags.`cost centre` = '7' AND name LIKE '%eu'") == ["support-eu"])
    check("and", names(filter_string="name LIKE 'sup%' and tags.team = 'us'") == ["support"])
    check("none", names(filter_string="name = 'nobody'") == [])
    first = client.search_registered_models(max_results=2)
    second = client.search_registered_models(max_results=2, page_token=first.token)
    check("pages", [m.name for m in [*first, *second]] == names() and not second.token)


def model():
    model = client.get_registered_model("support")
    check("description", model.description == "Answers customers")
    check("tags", model.tags == {"team": "us"})
    check("aliases", {alias: str(version) for alias, version in model.aliases.items()} == {"production": "1", "canary": "2"})
    check("latest", {one.current_stage: one.version for one in client.get_latest_versions("support")} == {"None": "2", "Staging": "1"})
    check("of a stage", [one.version for one in client.get_latest_versions("support", ["Staging"])] == ["1"])


def versions():
    check("of a model", numbers(filter_string="name = 'support'") == [("support", "2"), ("support", "1")])
    check("upwards", numbers(filter_string="name='support'", order_by=["version_number ASC"]) == [("support", "1"), ("support", "2")])
    check("all", len(numbers()) == 4)
    check("number", numbers(filter_string="name = 'support' AND version_number > 1") == [("support", "2")])
    check("tag", numbers(filter_string="tags.lang = 'de'") == [("support", "2")])
    check("run", numbers(filter_string="run_id = 'nobody'") == [])
    pages = client.search_model_versions(max_results=3)
    check("pages", len(pages) == 3 and len(client.search_model_versions(max_results=3, page_token=pages.token)) == 1)
    one = client.get_model_version("support", "1")
    check("facts", one.status == "READY" and one.current_stage == "Staging" and one.aliases == ["production"])
    check("hash", one.tags["treadle.sha256"] == WANTED["sha256"] and one.tags["treadle.format"] == "gguf")


def aliases():
    check("by alias", client.get_model_version_by_alias("support", "production").version == "1")
    check("another", client.get_model_version_by_alias("support", "canary").version == "2")
    fails(lambda: client.get_model_version_by_alias("support", "nowhere"), "RESOURCE_DOES_NOT_EXIST")


def download():
    for uri, files in WANTED["files"].items():
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(mlflow.artifacts.download_artifacts(uri, dst_path=folder))
            tags = {
                path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in root.rglob("*")
                if path.is_file() and path.name != "registered_model_meta"
            }
            check(f"{uri}: {tags}", tags == files)
    listed = mlflow.artifacts.list_artifacts("models:/chat-base/1")
    check("listed", [(one.path, one.is_dir) for one in listed] == [("config.json", False), ("onnx", True), ("weights.safetensors", False)])


def errors():
    message = fails(lambda: client.get_registered_model("nobody"), "RESOURCE_DOES_NOT_EXIST")
    check(f"a sentence: {message}", "nobody" in message)
    fails(lambda: client.get_model_version("support", "9"), "RESOURCE_DOES_NOT_EXIST")
    message = fails(lambda: client.search_registered_models("colour = 'red'"), "INVALID_PARAMETER_VALUE")
    check(f"a sentence: {message}", "not understood" in message)
    fails(lambda: client.search_registered_models(order_by=["colour"]), "INVALID_PARAMETER_VALUE")
    os.environ["MLFLOW_TRACKING_TOKEN"] = os.environ["WEAK_KEY"]
    fails(lambda: client.get_registered_model("support"), "PERMISSION_DENIED")
    os.environ["MLFLOW_TRACKING_TOKEN"] = "tr_nobody"
    fails(lambda: client.get_registered_model("support"), "UNAUTHENTICATED")


for run in [models, model, versions, aliases, download, errors]:
    run()
    print("ok", run.__name__, flush=True)
