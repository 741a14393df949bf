//! How a dialler fares.

use tokio::sync::watch;

use crate::Lane;

/// The state of one lane.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LaneStatus {
    /// Whether the server has accepted the connection.
    pub connected: bool,
    /// Why it is not there, in words; none also while nobody needs it.
    pub trouble: Option<String>,
    /// The server refused this agent's certificate: dialling on with the same one is of no use.
    pub refused: bool,
    /// How often the server accepted a connection of this lane since the agent began.
    pub connections: u64,
}

/// The state of all lanes, in the order of [`Lane::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DialerStatus {
    /// One for each lane.
    pub lanes: [LaneStatus; 3],
}

impl DialerStatus {
    /// The state of one lane.
    pub fn lane(&self, lane: Lane) -> &LaneStatus {
        &self.lanes[lane.index()]
    }

    /// Whether the control lane is up and no other one is missed.
    pub fn connected(&self) -> bool {
        self.lane(Lane::Control).connected && self.lanes.iter().all(|lane| lane.trouble.is_none())
    }

    /// Whether the server refused this agent's certificate.
    pub fn refused(&self) -> bool {
        self.lanes.iter().any(|lane| lane.refused)
    }

    /// What is wrong, if anything; a refusal before anything else.
    pub fn trouble(&self) -> Option<&str> {
        let refused = self.lanes.iter().filter(|lane| lane.refused);
        refused.chain(&self.lanes).find_map(|lane| lane.trouble.as_deref())
    }
}

/// Notes another state of a lane.
pub(crate) fn report(status: &watch::Sender<DialerStatus>, lane: Lane, new: LaneStatus) {
    status.send_if_modified(|all| {
        let old = &mut all.lanes[lane.index()];
        let new = LaneStatus { connections: old.connections + u64::from(new.connected), ..new };
        let differs = *old != new;
        *old = new;
        differs
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_that_nobody_needs_is_no_trouble_and_one_that_is_missed_is() {
        let status = watch::Sender::new(DialerStatus::default());
        let now = || status.borrow().clone();
        assert!(!now().connected(), "without control there is no tunnel");
        report(&status, Lane::Control, LaneStatus { connected: true, ..LaneStatus::default() });
        assert!(now().connected() && now().trouble().is_none());
        let trouble = Some("no route".to_owned());
        report(&status, Lane::Api, LaneStatus { trouble, ..LaneStatus::default() });
        assert!(!now().connected());
        assert_eq!(now().trouble(), Some("no route"));
        report(&status, Lane::Api, LaneStatus::default());
        assert!(now().connected());
        assert_eq!(now().lane(Lane::Control).connections, 1);
    }
}
