//! Which lanes are wanted: the control lane always, the others while somebody uses them.
//!
//! Each connection takes some fifty kilobytes at the server and a handshake to come back. Most clusters are looked at by
//! nobody most of the time, so the server asks over the control lane for what it lacks.

use std::time::Duration;

use tokio::time::Instant;

use crate::Lane;

/// A lane is tried for so long after it was asked for last: whoever waits for it has given up by then.
const FRESH: Duration = Duration::from_secs(15);

/// What the server asked for.
#[derive(Debug, Default)]
pub(crate) struct Wishes {
    /// A server that does not ask wants every lane.
    all: bool,
    /// When a lane was asked for last.
    asked: [Option<Instant>; 3],
}

impl Wishes {
    /// The server has taken a lane, and told whether it is one that asks for lanes.
    pub(crate) fn met(&mut self, lane: Lane, asks: bool) {
        self.all = !asks;
        self.asked[lane.index()] = None;
    }

    /// Takes in that a lane is needed.
    pub(crate) fn ask(&mut self, lane: Lane, now: Instant) {
        self.asked[lane.index()] = Some(now);
    }

    /// Whether a lane was asked for after this time.
    pub(crate) fn asked_after(&self, lane: Lane, at: Instant) -> bool {
        self.asked[lane.index()].is_some_and(|asked| asked > at)
    }

    /// Whether a lane is kept up though nobody uses it.
    pub(crate) fn always(&self, lane: Lane) -> bool {
        lane == Lane::Control || self.all
    }

    /// Whether a lane that is not there is to be dialled.
    pub(crate) fn wants(&self, lane: Lane, now: Instant) -> bool {
        self.always(lane) || self.asked[lane.index()].is_some_and(|asked| now < asked + FRESH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_wanted_while_somebody_waits_for_it() {
        let now = Instant::now();
        let mut wishes = Wishes::default();
        assert!(wishes.wants(Lane::Control, now));
        assert!(!wishes.wants(Lane::Api, now), "who the server is, is not known yet");
        wishes.ask(Lane::Api, now);
        assert!(wishes.wants(Lane::Api, now + FRESH / 2) && !wishes.wants(Lane::Streams, now));
        assert!(!wishes.wants(Lane::Api, now + FRESH) && !wishes.always(Lane::Api));
        assert!(wishes.asked_after(Lane::Api, now - FRESH) && !wishes.asked_after(Lane::Api, now));
        wishes.met(Lane::Api, true);
        assert!(!wishes.wants(Lane::Api, now), "it is there, and must be asked for again once it is not");
    }

    #[test]
    fn a_server_that_does_not_ask_has_every_lane() {
        let now = Instant::now();
        let mut wishes = Wishes::default();
        wishes.met(Lane::Control, false);
        assert!(Lane::ALL.into_iter().all(|lane| wishes.wants(lane, now) && wishes.always(lane)));
        wishes.met(Lane::Control, true);
        assert!(!wishes.wants(Lane::Streams, now), "it was replaced by one that does");
    }
}
