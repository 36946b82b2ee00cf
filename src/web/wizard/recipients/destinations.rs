//! Where the numbers are: a ring of shares and a table of countries, each of which leads to its rows.

use super::rows::shown::RowsShown;
use crate::ui::button::Button;
use crate::ui::control_flow::{For, Show};
use crate::ui::donut::Donut;
use crate::ui::table::{Column, Table};
use crate::wizard::context::WizardContext;
use domain::recipients::Summary;
use domain::recipients::phone::Country;
use domain::worker_protocol::Filter;
use leptos::prelude::*;

/// Countries that are listed before one asks for more.
const FIRST: usize = 8;
/// Colours of the ring; the last stands for the rest.
const COLOURS: usize = 6;

/// A line of the table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Line {
    place: usize,
    country: Option<Country>,
    name: String,
    recipients: u32,
    share: String,
}

/// The countries of the valid numbers.
#[component]
pub fn Destinations(summary: Memo<Summary>, shown: RowsShown) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let all = RwSignal::new(false);
    let lines = Memo::new(move |_| {
        summary.with(|summary| {
            let lines = summary.destinations.iter().enumerate().map(|(place, destination)| Line {
                place,
                country: destination.country,
                name: context.country_name(destination.country),
                recipients: destination.recipients,
                share: percent(destination.recipients, summary.valid),
            });
            lines.collect::<Vec<_>>()
        })
    });
    let shares = Memo::new(move |_| {
        lines.with(|lines| lines.iter().map(|line| line.recipients).collect::<Vec<_>>())
    });
    let listed = move || {
        let limit = if all.get() { usize::MAX } else { FIRST };
        lines.get().into_iter().take(limit)
    };
    let count = move || match lines.with(Vec::len) {
        1 => "1 country".to_owned(),
        n => format!("{n} countries"),
    };
    let more = move || {
        if all.get() { 0 } else { lines.with(Vec::len).saturating_sub(FIRST) }
    };
    let pick = move |n: usize| {
        if let Some(country) = lines.with_untracked(|lines| lines.get(n).map(|line| line.country)) {
            shown.lead_to(Filter::Country(country));
        }
    };
    let columns = [Column::text("Country"), Column::number("Recipients"), Column::number("Share")];
    view! {
        <section class="panel" aria-labelledby="destinations-title">
            <header class="panel__head">
                <h3 id="destinations-title">"Destinations"</h3>
                <p class="hint">{count}</p>
            </header>
            <div class="panel__chart">
                <Donut shares=shares on_pick=pick />
                <div>
                    <Table columns=columns>
                        <For each=listed key=Clone::clone let:line>
                            <CountryLine line=line shown=shown />
                        </For>
                    </Table>
                    <Show when=move || { more() > 0 }>
                        <Button
                            class="button button--quiet button--small"
                            on_press=move |()| all.set(true)
                        >
                            {move || format!("Show {} more", more())}
                        </Button>
                    </Show>
                </div>
            </div>
        </section>
    }
}

#[component]
fn CountryLine(line: Line, shown: RowsShown) -> impl IntoView {
    let Line { place, country, name, recipients, share } = line;
    view! {
        <tr>
            <td>
                <span class="destination">
                    <span
                        class=format!("swatch donut__arc--{}", place.min(COLOURS - 1))
                        aria-hidden="true"
                    ></span>
                    <Button class="link" on_press=move |()| shown.lead_to(Filter::Country(country))>
                        {name}
                    </Button>
                </span>
            </td>
            <td class="number">{domain::grouped(recipients)}</td>
            <td class="number">{share}</td>
        </tr>
    }
}

/// How much of `whole` a part of it is, to the nearest hundredth; never none of it.
fn percent(part: u32, whole: u32) -> String {
    let whole = u64::from(whole.max(1));
    match (u64::from(part) * 100 + whole / 2) / whole {
        0 => "< 1 %".to_owned(),
        hundredths => format!("{hundredths} %"),
    }
}
