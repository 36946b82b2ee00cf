//! What can be measured from outside, in Prometheus' text format. Counts only: no label ever holds
//! a number, a name or a text.

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// One label, of a fixed set of values.
type Label = [(&'static str, &'static str); 1];

/// The counters, since the server started.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Label, Counter>,
    sign_ins: Family<Label, Counter>,
    hand_overs: Family<Label, Counter>,
    messages: Family<Label, Counter>,
    receipts: Family<Label, Counter>,
    /// Live streams open now.
    pub streams: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("sms_sender");
        let mut family = |name: &str, help: &str| {
            let family = Family::<Label, Counter>::default();
            registry.register(name, help, family.clone());
            family
        };
        let requests = family("http_requests", "Requests answered, by class of status");
        let sign_ins = family("sign_ins", "Tries to sign in, by outcome");
        let hand_overs = family("hand_overs", "Requests to the provider, by outcome");
        let messages = family("messages", "Messages the provider answered about, by answer");
        let receipts = family("receipts", "Receipts posted by the provider, by what they were");
        let streams = Gauge::default();
        registry.register("live_streams", "Live streams open now", streams.clone());
        Self { registry, requests, sign_ins, hand_overs, messages, receipts, streams }
    }
}

impl Metrics {
    /// A request was answered.
    pub fn request(&self, status: u16) {
        let class = match status {
            ..200 => "1xx",
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            500.. => "5xx",
        };
        self.requests.get_or_create(&[("status", class)]).inc();
    }

    /// Somebody tried to sign in.
    pub fn sign_in(&self, outcome: &'static str) {
        self.sign_ins.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// A request to the provider ended.
    pub fn hand_over(&self, outcome: &'static str) {
        self.hand_overs.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// The provider answered about a message.
    pub fn message(&self, answer: &'static str) {
        self.messages.get_or_create(&[("answer", answer)]).inc();
    }

    /// The provider posted something.
    pub fn receipt(&self, kind: &'static str) {
        self.receipts.get_or_create(&[("kind", kind)]).inc();
    }

    /// The document.
    pub fn text(&self) -> String {
        let mut text = String::new();
        match encode(&mut text, &self.registry) {
            Ok(()) => text,
            // Writing to a String does not fail.
            Err(_) => String::new(),
        }
    }
}
