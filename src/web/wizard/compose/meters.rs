//! What the text amounts to while it is typed: by itself when everybody gets the same, over all recipients
//! when it has fields.

use crate::wizard::context::WizardContext;
use domain::message::Message;
use domain::message::encoding::Encoding;
use domain::message::segments::Segments;
use domain::price::quote::Quote;
use leptos::prelude::*;

#[derive(Clone, Debug, PartialEq)]
enum Measure {
    /// Everybody gets the same.
    Same(Segments),
    /// Everybody gets a text of their own; whether this is the sum of the message as it is.
    Each(Quote, bool),
    /// Nothing is known yet.
    Unknown,
}

fn measure(text: &str, figures: Option<(Quote, bool)>) -> Measure {
    let Ok(message) = Message::parse(text) else { return Measure::Same(Segments::of(text)) };
    match figures {
        _ if message.template().is_static() => {
            Measure::Same(Segments::of(message.template().source()))
        }
        Some((quote, is_current)) => Measure::Each(quote, is_current),
        None => Measure::Unknown,
    }
}

/// Characters, encoding and parts.
#[component]
pub fn Meters(message: Memo<String>) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let measure = Memo::new(move |_| {
        let figures = context.with(|wizard| {
            wizard.figures().map(|(quoted, is_current)| (quoted.quote.clone(), is_current))
        });
        message.with(|message| measure(message, figures))
    });
    let is_stale = Signal::derive(move || {
        measure.with(|measure| matches!(measure, Measure::Each(_, false) | Measure::Unknown))
    });
    let parts = Signal::derive(move || match measure.get() {
        Measure::Same(segments) => segments.count.to_string(),
        Measure::Each(quote, _) if quote.fewest == quote.most => quote.most.to_string(),
        Measure::Each(quote, _) => format!("{} to {}", quote.fewest, quote.most),
        Measure::Unknown => "…".to_owned(),
    });
    let encoding = Signal::derive(move || match measure.get() {
        Measure::Same(segments) => segments.encoding.label().to_owned(),
        Measure::Each(quote, _) if quote.ucs2 == 0 => Encoding::Gsm7.label().to_owned(),
        Measure::Each(quote, _) if quote.ucs2 == quote.recipients => {
            Encoding::Ucs2.label().to_owned()
        }
        Measure::Each(quote, _) => format!("GSM-7, UCS-2 for {}", domain::grouped(quote.ucs2)),
        Measure::Unknown => "…".to_owned(),
    });
    let characters = Signal::derive(move || match measure.get() {
        Measure::Same(segments) => {
            format!("{} / {}", segments.units, segments.units + segments.room())
        }
        _ => message.with(|message| message.chars().count().to_string()),
    });
    view! {
        <div class="meters">
            <Meter id="characters" label="Characters" value=characters />
            <Meter id="encoding" label="Encoding" value=encoding is_stale=is_stale />
            <Meter id="parts" label="SMS parts" value=parts is_stale=is_stale />
        </div>
    }
}

#[component]
fn Meter(
    id: &'static str,
    label: &'static str,
    value: Signal<String>,
    /// Whether it is being counted again.
    #[prop(optional, into)]
    is_stale: Signal<bool>,
) -> impl IntoView {
    // Not live: a screen reader would speak at every key.
    view! {
        <span class="meter">
            <span id=format!("{id}-label")>{label}</span>
            " "
            <output
                aria-labelledby=format!("{id}-label")
                aria-live="off"
                class:figure--stale=move || is_stale.get()
            >
                {value}
            </output>
        </span>
    }
}
