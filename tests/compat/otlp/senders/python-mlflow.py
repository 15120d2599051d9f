"""MLflow's tracing, configured to export to Treadle. It sends no user and no session itself, so they are attributes."""

import os
import tempfile

from talk import KEY, SESSION, URL, USER, talk, weather_in

os.environ.update(
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=f"{URL}/v1/traces",
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL="http/protobuf",
    OTEL_EXPORTER_OTLP_HEADERS=f"Authorization=Bearer {KEY}",
    OTEL_SERVICE_NAME="weather",
    MLFLOW_DISABLE_TELEMETRY="true",
    MLFLOW_TRACKING_URI=f"file://{tempfile.mkdtemp()}",
    MLFLOW_ALLOW_FILE_STORE="true",
)

import mlflow
from mlflow.entities import Document, SpanType
from openai import OpenAI
from opentelemetry import trace

mlflow.openai.autolog()


@mlflow.trace(span_type=SpanType.TOOL)
def get_weather(city):
    return weather_in(city)


@mlflow.trace(span_type=SpanType.RETRIEVER)
def retrieve(query):
    return [Document(page_content="Sunny.", metadata={"doc_uri": "d1"}, id="d1")]


@mlflow.trace(span_type=SpanType.AGENT, name="weather", attributes={"user.id": USER, "session.id": SESSION})
def weather(question):
    talk(OpenAI(max_retries=0), get_weather)
    retrieve("weather")
    return question


weather("hello there")
mlflow.flush_trace_async_logging()
getattr(trace.get_tracer_provider(), "force_flush", lambda: None)()
