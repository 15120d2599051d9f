"""OpenTelemetry's own instrumentation of OpenAI, with the current conventions and the messages on the span."""

import os
import sys

from talk import KEY, SESSION, URL, USER, talk

IS_GRPC = sys.argv[1:] == ["grpc"]
os.environ.update(
    OTEL_EXPORTER_OTLP_ENDPOINT=os.environ["TREADLE_GRPC_URL"] if IS_GRPC else URL,
    OTEL_EXPORTER_OTLP_HEADERS=f"Authorization=Bearer%20{KEY}",
    OTEL_EXPORTER_OTLP_COMPRESSION="gzip",
    OTEL_SERVICE_NAME="weather",
    OTEL_SEMCONV_STABILITY_OPT_IN="gen_ai_latest_experimental",
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT="span_only",
)

from openai import OpenAI
from opentelemetry import baggage, context, trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpanExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


class Stamp(SpanProcessor):
    """Copies the user from the baggage to each span, because the instrumentation sends none."""

    def on_start(self, span, parent_context=None):
        span.set_attributes(dict(baggage.get_all(parent_context)))


provider = TracerProvider()
provider.add_span_processor(Stamp())
provider.add_span_processor(BatchSpanProcessor(GrpcSpanExporter() if IS_GRPC else OTLPSpanExporter()))
trace.set_tracer_provider(provider)
OpenAIInstrumentor().instrument()
context.attach(baggage.set_baggage("session.id", SESSION, baggage.set_baggage("user.id", USER)))
with trace.get_tracer("weather").start_as_current_span("POST /weather"):
    talk(OpenAI(max_retries=0))
provider.shutdown()
