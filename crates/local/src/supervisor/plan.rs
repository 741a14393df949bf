//! What to do about one component: a pure function of what is seen.

use std::time::Duration;

/// A component that was never ready is given this long before it is started anew.
const START_PATIENCE: Duration = Duration::from_secs(180);
/// Missed answers in a row after which a component counts as hung.
pub(crate) const MISSES_ALLOWED: u32 = 6;
/// Who ran this long had recovered: the next restart is quick again.
pub(crate) const STEADY: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// One component as seen at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) running: bool,
    /// Runs with the settings it should have.
    pub(crate) current: bool,
    pub(crate) ready: bool,
    /// Time since it was started; meaningful while it runs.
    pub(crate) up_for: Duration,
    /// Answers missed in a row since it was ready.
    pub(crate) missed: u32,
    /// Ends in a row without a steady run in between.
    pub(crate) failures: u32,
    /// Time since it ended; meaningful while it does not run.
    pub(crate) down_for: Duration,
    /// What it must come after is ready.
    pub(crate) may_start: bool,
    /// What it cannot answer without is ready.
    pub(crate) may_answer: bool,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Nothing,
    Start,
    /// End it because of this; it is started again when it is gone.
    End(&'static str),
}

pub(crate) fn decide(seen: &Seen) -> Action {
    if !seen.running {
        let due = seen.may_start && seen.down_for >= pause_before_restart(seen.failures);
        return if due { Action::Start } else { Action::Nothing };
    }
    if !seen.current {
        return Action::End("its settings changed");
    }
    // Without what it depends on it cannot answer; ending it would help nobody.
    if seen.may_answer && seen.ready && seen.missed >= MISSES_ALLOWED {
        return Action::End("it stopped answering");
    }
    if seen.may_answer && !seen.ready && seen.up_for >= START_PATIENCE {
        return Action::End("it never became ready");
    }
    Action::Nothing
}

/// None before the first start, then 0.2 s, 1 s, 2 s, … 30 s.
pub(crate) fn pause_before_restart(failures: u32) -> Duration {
    match failures {
        0 => Duration::ZERO,
        1 => Duration::from_millis(200),
        more => Duration::from_secs(1 << (more - 2).min(5)).min(LONGEST_PAUSE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn healthy() -> Seen {
        Seen {
            running: true,
            current: true,
            ready: true,
            up_for: Duration::from_secs(1000),
            missed: 0,
            failures: 0,
            down_for: Duration::ZERO,
            may_start: true,
            may_answer: true,
        }
    }

    #[test]
    fn what_is_healthy_is_left_alone() {
        assert_eq!(decide(&healthy()), Action::Nothing);
        assert_eq!(decide(&Seen { missed: MISSES_ALLOWED - 1, ..healthy() }), Action::Nothing);
    }

    #[test]
    fn what_died_is_started_after_its_pause_and_never_before_what_it_needs() {
        let dead = Seen { running: false, ready: false, failures: 1, ..healthy() };
        assert_eq!(decide(&dead), Action::Nothing);
        let due = Seen { down_for: Duration::from_millis(200), ..dead };
        assert_eq!(decide(&due), Action::Start);
        assert_eq!(decide(&Seen { may_start: false, ..due }), Action::Nothing);
    }

    #[test]
    fn a_hung_component_is_ended_but_not_for_what_it_waits_for() {
        let hung = Seen { missed: MISSES_ALLOWED, ..healthy() };
        assert!(matches!(decide(&hung), Action::End(_)));
        assert_eq!(decide(&Seen { may_answer: false, ..hung }), Action::Nothing);
        let stuck = Seen { ready: false, up_for: START_PATIENCE, ..healthy() };
        assert!(matches!(decide(&stuck), Action::End(_)));
    }

    #[test]
    fn changed_settings_end_even_what_is_not_ready() {
        assert!(matches!(
            decide(&Seen { current: false, ready: false, may_answer: false, ..healthy() }),
            Action::End(_)
        ));
    }

    #[test]
    fn pauses_grow_and_stay_bounded() {
        let pauses: Vec<_> = (0..40).map(pause_before_restart).collect();
        assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!(pauses[39], LONGEST_PAUSE);
    }
}
