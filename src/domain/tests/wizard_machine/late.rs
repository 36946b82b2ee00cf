//! Answers to what is not asked any more change nothing. Most of them cannot come as the browser is today, which is
//! why the random sequences have none of them.

use crate::world::{World, problem};
use domain::problem::ProblemCode;
use domain::wizard::machine::{Event, State};
use uuid::Uuid;

#[test]
fn what_answers_an_earlier_question_changes_nothing() {
    let mut world = World::new(1, false);
    world.calm = true;
    world.compose(0, 3);
    world.tell(0, Event::Submit { due: Ok(None), typed_count: "3".into() });
    let State::Uploading { attempt, .. } = *world.tabs[0].wizard.state() else {
        panic!("{:?}", world.tabs[0].wizard.state())
    };
    let before = world.tabs[0].wizard.state().clone();
    let earlier = attempt - 1;
    let refusal = problem(ProblemCode::Invalid);
    for event in [
        Event::Uploaded { attempt: earlier },
        Event::UploadProgress { attempt: earlier, done: 2 },
        Event::Interrupted { attempt: earlier, problem: refusal.clone() },
        Event::Refused { attempt: earlier, problem: refusal },
        Event::Submitted { id: Uuid::from_u128(7) },
        Event::Forgotten { id: Uuid::from_u128(7) },
        Event::Counted { count: earlier, quoted: None },
        Event::NotProcessed { run: earlier, trouble: None },
    ] {
        world.tell(0, event.clone());
        assert_eq!(*world.tabs[0].wizard.state(), before, "{event:?}");
    }
}

#[test]
fn whoever_stops_an_upload_has_the_server_forget_it() {
    let mut world = World::new(1, false);
    world.calm = true;
    world.compose(0, 3);
    world.tell(0, Event::Submit { due: Ok(None), typed_count: "3".into() });
    world.upload_step(0);
    world.line_step();
    world.line_step();
    let id = *world.server.campaigns.keys().next().unwrap();
    world.tell(0, Event::Stop);
    world.calm_down();
    assert!(world.server.forgotten.contains(&id));
}

#[test]
fn a_reload_just_after_the_last_answer_still_leads_to_the_campaign() {
    let mut world = World::new(1, false);
    world.calm = true;
    world.compose(0, 3);
    world.tell(0, Event::Submit { due: Ok(None), typed_count: "3".into() });
    world.calm_down();
    let State::Accepted { campaign } = *world.tabs[0].wizard.state() else {
        panic!("{:?}", world.tabs[0].wizard.state())
    };
    world.reload(0);
    assert_eq!(*world.tabs[0].wizard.state(), State::Accepted { campaign });
    // Whoever goes on has seen it.
    world.edit(0, |_| ());
    world.reload(0);
    assert!(!matches!(world.tabs[0].wizard.state(), State::Accepted { .. }));
}
