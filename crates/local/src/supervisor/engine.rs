//! Keeps a set of components running: looks, decides by [`super::plan`], acts, tells.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use kube::Client;
use nix::sys::signal::Signal;
use tokio::process::Child;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::logs;
use super::plan::{Action, STEADY, Seen, decide};
use super::probe::Probe;
use super::spawn::{Found, Place};
use crate::launch::Launch;
use crate::process::ProcessId;
use crate::{ComponentPhase, ComponentState, Error};

/// How long a component has to end when asked to.
const END_PATIENCE: Duration = Duration::from_secs(15);
const READY_PROBE_EVERY: Duration = Duration::from_millis(100);
const LIVE_PROBE_EVERY: Duration = Duration::from_secs(3);

/// One component to be kept running.
#[derive(Debug, Clone)]
pub(super) struct Component {
    pub(super) launch: Launch,
    /// Of `launch`, taken when this was made.
    pub(super) fingerprint: String,
    /// Components that must be ready before it is started.
    pub(super) after: Vec<&'static str>,
    /// Components without which it cannot be ready, so that it is not ended for that.
    pub(super) needs: Vec<&'static str>,
    /// Asked until it answers once.
    pub(super) ready: Probe,
    /// Asked from then on.
    pub(super) live: Probe,
}

/// What is known of one component's process.
struct Track {
    state: ComponentState,
    child: Option<Child>,
    started: Instant,
    ended: Instant,
    failures: u32,
    missed: u32,
    asked: Option<Instant>,
    asking: bool,
    /// Asked to end at; killed when it does not.
    ending: Option<(Instant, String)>,
}

/// The components of one cluster or of the hub.
pub(super) struct Engine {
    place: Place,
    components: Vec<Component>,
    tracks: BTreeMap<&'static str, Track>,
    probes: JoinSet<(&'static str, ProcessId, Result<(), String>)>,
    pub(super) client: Option<Client>,
}

impl Engine {
    /// Takes over what already runs; `known` is what the last supervisor told.
    pub(super) async fn adopt(
        place: Place,
        components: Vec<Component>,
        known: &BTreeMap<String, ComponentState>,
        now: Timestamp,
    ) -> Self {
        let mut engine =
            Self { place, components: vec![], tracks: BTreeMap::new(), probes: JoinSet::new(), client: None };
        for component in &components {
            let mut found = engine.place.find(&component.launch);
            for _ in 0..40 {
                if found != Found::OnTheWay {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
                found = engine.place.find(&component.launch);
            }
            let track = Track::new(known.get(component.launch.name), found, now);
            engine.tracks.insert(component.launch.name, track);
        }
        engine.components = components;
        engine
    }

    /// Other settings, from now on. What runs with old ones is ended and started anew by the next steps.
    pub(super) fn replace(&mut self, components: Vec<Component>, now: Timestamp) {
        for component in &components {
            self.tracks.entry(component.launch.name).or_insert_with(|| Track::new(None, Found::Nothing, now));
        }
        self.components = components;
    }

    pub(super) fn all_ready(&self) -> bool {
        self.components.iter().all(|component| self.is_ready(component.launch.name))
    }

    pub(super) fn is_ready(&self, name: &str) -> bool {
        self.tracks
            .get(name)
            .is_some_and(|track| track.state.phase == ComponentPhase::Ready && track.ending.is_none())
    }

    pub(super) fn states(&self) -> BTreeMap<String, ComponentState> {
        self.tracks.iter().map(|(name, track)| ((*name).to_owned(), track.state.clone())).collect()
    }

    /// What is not ready, in words; `None` when all is.
    pub(super) fn waits_for(&self) -> Option<String> {
        let waiting = self.components.iter().find(|component| !self.is_ready(component.launch.name))?;
        let state = &self.tracks.get(waiting.launch.name)?.state;
        Some(format!("{}: {}", waiting.launch.name, state.message))
    }

    pub(super) fn rotate_logs(&self) -> Result<(), Error> {
        self.components
            .iter()
            .try_for_each(|component| logs::rotate(&self.place.log_of(component.launch.name)))
    }

    /// One look at everything, and what follows from it.
    pub(super) fn step(&mut self, now: Timestamp) {
        while let Some(done) = self.probes.try_join_next() {
            let Ok((name, process, answer)) = done else { continue };
            if let Some(track) = self.tracks.get_mut(name) {
                track.answered(process, answer, Instant::now(), now);
            }
        }
        for component in self.components.clone() {
            self.step_component(&component, now);
        }
    }

    fn step_component(&mut self, component: &Component, now: Timestamp) {
        let name = component.launch.name;
        let all_ready = |names: &[&str]| names.iter().all(|other| self.is_ready(other));
        let (may_start, may_answer) = (all_ready(&component.after), all_ready(&component.needs));
        let Some(track) = self.tracks.get_mut(name) else { return };
        track.notice_end(&self.place, name, now);
        let fingerprint = component.fingerprint.clone();
        match decide(&track.seen(&fingerprint, may_start, may_answer)) {
            Action::Nothing => {
                if track.state.process.is_none() && !may_start {
                    let missing = component.after.iter().filter(|other| !self.is_ready(other)).copied();
                    let message = format!("waits for {}", missing.collect::<Vec<_>>().join(", "));
                    if let Some(track) = self.tracks.get_mut(name) {
                        track.set(ComponentPhase::Waiting, message, now);
                    }
                    return;
                }
            }
            Action::Start => match self.place.spawn(&component.launch) {
                Ok(child) => track.started(child, fingerprint, now),
                Err(error) => track.failed(format!("cannot start: {error}"), vec![], now),
            },
            Action::End(why) => track.end(why, now),
        }
        let Some(track) = self.tracks.get_mut(name) else { return };
        if let Some(process) = track.due_for_probe() {
            track.asking = true;
            let is_ready = track.state.phase == ComponentPhase::Ready;
            let probe = if is_ready { component.live.clone() } else { component.ready.clone() };
            let patience = Duration::from_secs(if is_ready { 5 } else { 2 });
            let (netns, client) = (self.place.netns.clone(), self.client.clone());
            self.probes
                .spawn(async move { (name, process, probe.ask(netns, client, process, patience).await) });
        }
    }
}

impl Track {
    fn new(known: Option<&ComponentState>, found: Found, now: Timestamp) -> Self {
        let mut state = known.cloned().unwrap_or(ComponentState {
            phase: ComponentPhase::Waiting,
            since: now,
            process: None,
            restarts: 0,
            message: "not started yet".into(),
            log: vec![],
            fingerprint: String::new(),
        });
        let running = match found {
            Found::Running(process) => Some(process),
            _ => None,
        };
        if running.is_none() || running != state.process {
            // Started by a supervisor that was killed before it could say with what: it will be started anew.
            state.fingerprint.clear();
            state.phase = if running.is_some() { ComponentPhase::Starting } else { ComponentPhase::Waiting };
        } else {
            // Ask again before believing an old answer.
            state.phase = ComponentPhase::Starting;
        }
        state.process = running;
        let instant = Instant::now();
        Self {
            state,
            child: None,
            started: instant,
            ended: instant,
            failures: 0,
            missed: 0,
            asked: None,
            asking: false,
            ending: None,
        }
    }

    fn set(&mut self, phase: ComponentPhase, message: String, now: Timestamp) {
        if self.state.phase != phase {
            self.state.since = now;
        }
        (self.state.phase, self.state.message) = (phase, message);
    }

    fn seen(&self, fingerprint: &str, may_start: bool, may_answer: bool) -> Seen {
        Seen {
            running: self.state.process.is_some(),
            current: self.ending.is_some() || self.state.fingerprint == fingerprint,
            ready: self.state.phase == ComponentPhase::Ready,
            up_for: self.started.elapsed(),
            missed: if self.ending.is_some() { 0 } else { self.missed },
            failures: self.failures,
            down_for: self.ended.elapsed(),
            may_start,
            may_answer,
        }
    }

    fn started(&mut self, child: Child, fingerprint: String, now: Timestamp) {
        self.state.process = child.id().and_then(|pid| i32::try_from(pid).ok()).and_then(ProcessId::of);
        self.child = Some(child);
        self.started = Instant::now();
        self.state.fingerprint = fingerprint;
        (self.missed, self.asked, self.ending) = (0, None, None);
        self.state.log.clear();
        self.set(ComponentPhase::Starting, "started".into(), now);
        tracing::info!(process = ?self.state.process, "started");
    }

    fn end(&mut self, why: &str, now: Timestamp) {
        if self.ending.is_none() {
            self.ending = Some((Instant::now(), why.to_owned()));
            self.set(ComponentPhase::Starting, format!("is being started anew: {why}"), now);
            if let Some(process) = self.state.process {
                process.signal(Signal::SIGTERM);
            }
        }
    }

    fn failed(&mut self, message: String, log: Vec<String>, now: Timestamp) {
        self.ended = Instant::now();
        self.failures = if self.started.elapsed() > STEADY { 1 } else { self.failures + 1 };
        self.state.process = None;
        self.state.log = log;
        self.set(ComponentPhase::BackingOff, message, now);
    }

    /// Sees whether the process ended, and kills one that was asked to end and does not.
    fn notice_end(&mut self, place: &Place, name: &str, now: Timestamp) {
        let status = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten());
        let Some(process) = self.state.process else {
            if status.is_some() {
                self.child = None;
                self.failed("ended at once".into(), logs::tail(&place.log_of(name), 5), now);
            }
            return;
        };
        if status.is_none() && process.is_alive() {
            if self.ending.as_ref().is_some_and(|(asked, _)| asked.elapsed() > END_PATIENCE) {
                process.signal(Signal::SIGKILL);
            }
            return;
        }
        self.child = None;
        self.state.restarts += 1;
        if let Some((_, why)) = self.ending.take() {
            self.failed(format!("ended to be started anew: {why}"), vec![], now);
            if self.state.fingerprint.is_empty() || why.contains("settings") {
                self.failures = 0;
            }
        } else {
            let how = status.map_or_else(|| "ended".to_owned(), |status| format!("ended with {status}"));
            tracing::warn!(component = name, "{how}");
            self.failed(how, logs::tail(&place.log_of(name), 5), now);
        }
    }

    fn due_for_probe(&self) -> Option<ProcessId> {
        let every =
            if self.state.phase == ComponentPhase::Ready { LIVE_PROBE_EVERY } else { READY_PROBE_EVERY };
        let due =
            !self.asking && self.ending.is_none() && self.asked.is_none_or(|asked| asked.elapsed() >= every);
        self.state.process.filter(|_| due)
    }

    fn answered(&mut self, process: ProcessId, answer: Result<(), String>, instant: Instant, now: Timestamp) {
        (self.asking, self.asked) = (false, Some(instant));
        if self.state.process != Some(process) || self.ending.is_some() {
            return;
        }
        match answer {
            Ok(()) => {
                self.missed = 0;
                self.set(ComponentPhase::Ready, "answers".into(), now);
            }
            Err(_) if self.state.phase == ComponentPhase::Ready => self.missed += 1,
            Err(problem) => self.set(ComponentPhase::Starting, problem, now),
        }
    }
}
