//! A ring of shares. The table beside it says the same in words, so it is hidden from screen readers.

use leptos::prelude::*;

/// A ring of at most five arcs, the largest first; what is left is one more.
#[component]
pub fn Donut(
    /// What each arc stands for, largest first.
    #[prop(into)]
    shares: Signal<Vec<u32>>,
    /// Hears which one was pressed, from 0; not the one that stands for the rest.
    #[prop(into)]
    on_pick: Callback<usize>,
) -> impl IntoView {
    const ARCS: usize = 5;
    let arcs = move || {
        let shares = shares.get();
        let total = shares.iter().sum::<u32>().max(1);
        let rest: u32 = shares.iter().skip(ARCS).sum();
        let shown = shares.into_iter().take(ARCS).chain((rest > 0).then_some(rest));
        let mut start = 0;
        shown
            .enumerate()
            .map(|(n, share)| {
                let length = share_of_ring(share, total);
                let offset = QUARTER - start;
                start += length;
                // A hair of space between arcs, but never a whole small arc.
                let drawn = if (2_001..99_900).contains(&length) { length - 800 } else { length };
                view! {
                    <circle
                        class=format!("donut__arc donut__arc--{n}")
                        r="15.915"
                        cx="21"
                        cy="21"
                        pathLength="100000"
                        stroke-dasharray=format!("{drawn} {}", RING - drawn)
                        stroke-dashoffset=offset.to_string()
                        on:click=move |_| {
                            if n < ARCS {
                                on_pick.run(n);
                            }
                        }
                    />
                }
            })
            .collect_view()
    };
    view! {
        <svg class="donut" viewBox="0 0 42 42" aria-hidden="true" focusable="false">
            {arcs}
        </svg>
    }
}

/// The length of the ring. Fine enough for whole numbers; writing others would take 10 kB of code.
const RING: i64 = 100_000;
/// From where arcs are measured, on the right, back to the top.
const QUARTER: i64 = RING / 4;

fn share_of_ring(share: u32, total: u32) -> i64 {
    i64::from(share) * RING / i64::from(total)
}
