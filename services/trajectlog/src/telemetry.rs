//! What the program says about itself: log lines, traces, numbers.

use std::io::IsTerminal;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, Layer, Registry, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{cli::LogFormat, failure::Failure, settings::Settings};

/// Bounds of the histograms, in seconds: from what one sync takes to what nobody waits for.
const SECONDS: [f64; 14] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Keeps what must be handed over before the program ends.
#[derive(Default)]
pub struct Telemetry {
    #[cfg(feature = "otlp")]
    traces: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

impl Telemetry {
    /// Begins to log to standard error, and to export traces where a collector is named.
    pub fn begin(settings: &Settings, format: Option<LogFormat>, collector: Option<&String>) -> Result<Self, Failure> {
        let words = settings.text(None, "log")?.unwrap_or_else(|| "warn".to_owned());
        let filter: EnvFilter = words.parse().map_err(|e| Failure::wrong_use(format!("the setting 'log': '{words}': {e}")))?;
        let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
        let lines: Box<dyn Layer<Registry> + Send + Sync> = match settings.word(format, "log-format")?.unwrap_or_default() {
            LogFormat::Text => lines.boxed(),
            LogFormat::Json => lines.json().flatten_event(true).boxed(),
        };
        let collector = settings.text(collector, "otlp")?;
        let telemetry = Self::traced(collector.as_deref())?;
        let mut layers = vec![lines.with_filter(filter).boxed()];
        layers.extend(telemetry.layer());
        // A second beginning in one process happens in no program and in no test.
        tracing_subscriber::registry().with(layers).try_init().map_err(|e| Failure::cannot_open(format!("logging: {e}")))?;
        Ok(telemetry)
    }

    #[cfg(feature = "otlp")]
    fn traced(collector: Option<&str>) -> Result<Self, Failure> {
        use opentelemetry_otlp::WithExportConfig;
        let Some(collector) = collector else { return Ok(Self::default()) };
        let endpoint = format!("{}/v1/traces", collector.trim_end_matches('/'));
        let exporter = opentelemetry_otlp::SpanExporter::builder().with_http().with_endpoint(endpoint).build();
        let exporter = exporter.map_err(|e| Failure::wrong_use(format!("the setting 'otlp': '{collector}': {e}")))?;
        let resource = opentelemetry_sdk::Resource::builder().with_service_name("trajectlog").build();
        let provider = opentelemetry_sdk::trace::SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource);
        Ok(Self { traces: Some(provider.build()) })
    }

    #[cfg(feature = "otlp")]
    fn layer(&self) -> Option<Box<dyn Layer<Registry> + Send + Sync>> {
        use opentelemetry::trace::TracerProvider as _;
        let tracer = self.traces.as_ref()?.tracer("trajectlog");
        let filter = EnvFilter::new("info,h2=off,hyper=off,reqwest=off,opentelemetry=off");
        Some(tracing_opentelemetry::layer().with_tracer(tracer).with_filter(filter).boxed())
    }

    #[cfg(not(feature = "otlp"))]
    fn traced(collector: Option<&str>) -> Result<Self, Failure> {
        match collector {
            None => Ok(Self::default()),
            Some(_) => Err(Failure::wrong_use(
                "this program was built without OpenTelemetry: build it with the feature 'otlp', or leave --otlp out",
            )),
        }
    }

    #[cfg(not(feature = "otlp"))]
    fn layer(&self) -> Option<Box<dyn Layer<Registry> + Send + Sync>> {
        None
    }

    /// Hands over what was not yet exported.
    pub fn end(self) {
        #[cfg(feature = "otlp")]
        if let Some(Err(e)) = self.traces.map(|traces| traces.shutdown()) {
            tracing::warn!("the last traces were not exported: {e}");
        }
    }
}

/// Begins to count what `/metrics` shows.
pub fn count() -> Result<PrometheusHandle, Failure> {
    let failed = |e: metrics_exporter_prometheus::BuildError| Failure::cannot_open(format!("counting for /metrics: {e}"));
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS).map_err(failed)?;
    builder.install_recorder().map_err(failed)
}
