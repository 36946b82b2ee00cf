//! A campaign's progress, as the server tells it while it changes.
//!
//! Each event is a whole state, so nothing needs to be caught up with: a stream that is lost is opened again,
//! by the browser itself or, where it gives up, here. Nothing listens in a hidden tab or to a campaign that
//! is over.

use crate::api::{self, Api};
use crate::browser;
use crate::host;
use crate::json;
use domain::campaign::{CampaignState, Counts};
use domain::wire::{Campaign, Progress};
use leptos::leptos_dom::helpers::set_timeout_with_handle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventSource, MessageEvent};

/// How long it takes until a stream is opened again for the first time.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// And at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// One campaign, live. In the context of its page.
#[derive(Clone, Copy)]
pub struct LiveCampaign {
    id: Uuid,
    progress: RwSignal<Progress>,
    is_lost: RwSignal<bool>,
    /// Grows whenever a stream that ended is to be opened again.
    attempt: RwSignal<u32>,
    /// Tries since the last event.
    failures: StoredValue<u32>,
    /// The revision at which the server ended the stream: it expects nothing more after it.
    ended_at: RwSignal<Option<u64>>,
}

impl LiveCampaign {
    /// Follows this campaign for as long as the owner of this call is there.
    pub fn follow(api: Api, campaign: &Campaign) -> Self {
        let live = Self::at_rest(campaign);
        let visible = browser::use_visibility();
        let is_wanted = Memo::new(move |_| {
            let (revision, is_over) = live
                .progress
                .with(|progress| (progress.revision, progress.state.is_over(&progress.counts)));
            visible.get() && !is_over && live.ended_at.get() != Some(revision)
        });
        Effect::new(move |_| {
            live.attempt.track();
            if is_wanted.get() {
                // It is dropped, and thereby closed, before this runs again.
                StoredValue::new_local(Stream::open(live, api));
            }
        });
        // What is over may still have changed while nobody looked: late receipts come for days.
        Effect::new(move |was_visible: Option<bool>| {
            let is_visible = visible.get();
            if is_visible && was_visible == Some(false) && !is_wanted.get_untracked() {
                spawn_local(live.refresh(api));
            }
            is_visible
        });
        live
    }

    /// This campaign as it is, without listening.
    pub fn at_rest(campaign: &Campaign) -> Self {
        Self {
            id: campaign.id,
            progress: RwSignal::new(campaign.progress.clone()),
            is_lost: RwSignal::new(false),
            attempt: RwSignal::new(0),
            failures: StoredValue::new(0),
            ended_at: RwSignal::new(None),
        }
    }

    /// Which campaign.
    pub const fn id(self) -> Uuid {
        self.id
    }

    /// What was heard last.
    pub fn progress(self) -> Signal<Progress> {
        self.progress.into()
    }

    /// Where the campaign is.
    pub fn state(self) -> Memo<CampaignState> {
        Memo::new(move |_| self.progress.with(|progress| progress.state))
    }

    /// How many messages are where.
    pub fn counts(self) -> Memo<Counts> {
        Memo::new(move |_| self.progress.with(|progress| progress.counts))
    }

    /// Whether the figures may be old.
    pub fn is_lost(self) -> Signal<bool> {
        self.is_lost.into()
    }

    /// Takes news, from wherever they come, unless they are older than what is known.
    pub fn hear(self, news: Progress) {
        let known = self.progress.try_with_untracked(|progress| progress.clone());
        if known.is_some_and(|known| news.revision >= known.revision && news != known) {
            self.progress.try_set(news);
        }
    }

    /// Asks once. Should nobody be signed in any more, that is noticed here.
    async fn refresh(self, api: Api) {
        if let Ok(campaign) = api.get::<Campaign>(&format!("/campaigns/{}", self.id)).await {
            self.hear(campaign.progress);
        }
    }

    /// The browser has given the stream up. A stream does not say why; a request does.
    fn closed(self, api: Api) {
        let Some(failures) = self.failures.try_update_value(|failures| {
            *failures += 1;
            *failures
        }) else {
            return;
        };
        let pause = LONGEST_PAUSE.min(FIRST_PAUSE * 2_u32.pow(failures.min(6) - 1));
        spawn_local(self.refresh(api));
        let again = move || {
            self.attempt.try_update(|attempt| *attempt += 1);
        };
        // Without a timer nothing is opened again until the tab is hidden and shown.
        drop(set_timeout_with_handle(again, pause));
    }
}

/// An open connection. It is closed when it is dropped.
struct Stream {
    source: EventSource,
    on_end: Closure<dyn Fn(Event)>,
    // Kept for as long as they may be called.
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(Event)>,
}

impl Stream {
    fn open(live: LiveCampaign, api: Api) -> Option<Self> {
        let source =
            host::open_events(&api::url(&format!("/campaigns/{}/events", live.id))).ok()?;
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            if let Some(news) = json::read::<Progress>(&text) {
                live.failures.try_set_value(0);
                live.is_lost.try_set(false);
                live.hear(news);
            }
        });
        let on_end = Closure::<dyn Fn(Event)>::new(move |_| {
            live.is_lost.try_set(false);
            live.ended_at.try_set(live.progress.try_with_untracked(|progress| progress.revision));
        });
        let on_error = {
            let source = source.clone();
            Closure::<dyn Fn(Event)>::new(move |_| {
                live.is_lost.try_set(true);
                if source.ready_state() == EventSource::CLOSED {
                    live.closed(api);
                }
            })
        };
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // Where there is no such event, the campaign's state says that it is over.
        let _ = source.add_event_listener_with_callback("end", on_end.as_ref().unchecked_ref());
        Some(Self { source, on_end, _on_message: on_message, _on_error: on_error })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let Self { source, on_end, .. } = self;
        source.set_onmessage(None);
        source.set_onerror(None);
        let _ = source.remove_event_listener_with_callback("end", on_end.as_ref().unchecked_ref());
        source.close();
    }
}
