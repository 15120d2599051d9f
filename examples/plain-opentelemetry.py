"""Sends a trace to Treadle with plain OpenTelemetry and the attribute names of its GenAI conventions, without an SDK of Treadle."""

import json
import os

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

url = os.environ.get("TREADLE_URL", "http://127.0.0.1:4747")
provider = TracerProvider(resource=Resource.create({"service.name": "plain-opentelemetry"}))
provider.add_span_processor(
    BatchSpanProcessor(
        OTLPSpanExporter(
            endpoint=f"{url}/v1/traces",
            headers={"authorization": f"Bearer {os.environ['TREADLE_API_KEY']}"},
        )
    )
)
tracer = provider.get_tracer("example")

with tracer.start_as_current_span("answer") as root:
    root.set_attributes({"user.id": "ada", "session.id": "chat-1"})
    with tracer.start_as_current_span("chat gpt-4o-mini", kind=trace.SpanKind.CLIENT) as span:
        question = [{"role": "user", "parts": [{"type": "text", "content": "What is the capital of France?"}]}]
        reply = [{"role": "assistant", "parts": [{"type": "text", "content": "Paris."}], "finish_reason": "stop"}]
        span.set_attributes(
            {
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": "openai",
                "gen_ai.request.model": "gpt-4o-mini",
                "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
                "gen_ai.usage.input_tokens": 14,
                "gen_ai.usage.output_tokens": 3,
                "gen_ai.input.messages": json.dumps(question),
                "gen_ai.output.messages": json.dumps(reply),
            }
        )

provider.shutdown()
print(f"trace {trace.format_trace_id(root.get_span_context().trace_id)} was sent")
