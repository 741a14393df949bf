//! Why a workspace that should run does not: the first thing that explains it, in words.

use jiff::{SignedDuration, Timestamp};
use nagaya_api::{
    Workspace,
    agent::{ContainerObservation, PodObservation, WorkspaceObservation},
    kinds::{cluster::ObjectError, workspace::EventLine},
};

use super::{mount, scheduling};
use crate::intent::claim_name;

/// Why a workspace is not as it should be, as a code the console translates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The cluster's agent is not connected.
    AgentAway,
    /// The OCI image cannot be pulled.
    ImagePull,
    /// The namespace's quota is used up.
    Quota,
    /// No node takes the pod.
    NoNode,
    /// The home is being made, or mounted again.
    HomePending,
    /// The home cannot be made, found or mounted.
    HomeFailed,
    /// The desktop ends again and again.
    CrashLoop,
    /// The desktop used more memory than it may.
    OutOfMemory,
    /// The node ended the pod to save itself.
    Evicted,
    /// The container cannot be made as it is described.
    ContainerConfig,
    /// The cluster's rules do not admit the pod.
    Admission,
    /// The cluster refuses an object.
    ApplyFailed,
    /// The container runs and its desktop does not answer yet.
    DesktopNotAnswering,
    /// The pod before this one is still ending.
    PodEnding,
    /// What it is made from is not there.
    NotRendered,
    /// Its chart cannot be installed.
    ChartFailed,
    /// Its chart is installed and not all of it is ready.
    ChartStarting,
    /// Its chart makes no Service that could be opened.
    NoService,
}

impl Reason {
    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AgentAway => "AgentAway",
            Self::ImagePull => "ImagePull",
            Self::Quota => "Quota",
            Self::NoNode => "NoNode",
            Self::HomePending => "HomePending",
            Self::HomeFailed => "HomeFailed",
            Self::CrashLoop => "CrashLoop",
            Self::OutOfMemory => "OutOfMemory",
            Self::Evicted => "Evicted",
            Self::ContainerConfig => "ContainerConfig",
            Self::Admission => "Admission",
            Self::ApplyFailed => "ApplyFailed",
            Self::DesktopNotAnswering => "DesktopNotAnswering",
            Self::PodEnding => "PodEnding",
            Self::NotRendered => "NotRendered",
            Self::ChartFailed => "ChartFailed",
            Self::ChartStarting => "ChartStarting",
            Self::NoService => "NoService",
        }
    }

    /// Whether it passes by itself; all else needs somebody.
    pub const fn passes(self) -> bool {
        matches!(
            self,
            Self::AgentAway
                | Self::HomePending
                | Self::DesktopNotAnswering
                | Self::PodEnding
                | Self::ChartStarting
        )
    }
}

/// A reason with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The reason.
    pub reason: Reason,
    /// The same in English.
    pub message: String,
}

impl Trouble {
    pub(super) fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into() }
    }
}

/// Events older than the present start, by more than clocks differ, say nothing about it.
const CLOCKS: SignedDuration = SignedDuration::from_secs(60);

/// Why `workspace`, which should run and whose pod is not ready, is not up. None: it is on its way.
pub(super) fn find(
    workspace: &Workspace,
    seen: &WorkspaceObservation,
    errors: &[ObjectError],
    started: Option<Timestamp>,
) -> Option<Trouble> {
    if let Some(trouble) = apply(workspace, errors) {
        return Some(trouble);
    }
    let events = || {
        let first = started.map(|at| at - CLOCKS);
        seen.events.iter().filter(move |event| first.is_none_or(|first| event.at >= first))
    };
    if seen.home.as_deref() == Some("Lost") {
        return Some(Trouble::new(
            Reason::HomeFailed,
            "the volume of its home is gone: ask operations to restore it from a backup",
        ));
    }
    match &seen.pod {
        Some(pod) => of_pod(pod).or_else(|| on_the_way(pod, seen, events())),
        None => events().find_map(refused).or_else(|| home(seen, events())),
    }
}

/// Objects of the workspace that the cluster refuses.
fn apply(workspace: &Workspace, errors: &[ObjectError]) -> Option<Trouble> {
    let (namespace, name) = (&workspace.spec.namespace, &workspace.metadata.name);
    let own = [
        format!("StatefulSet {namespace}/{name}"),
        format!("PersistentVolumeClaim {namespace}/{}", claim_name(name)),
        format!("Secret {namespace}/{name}-relay"),
        format!("Service {namespace}/{name}"),
        format!("NetworkPolicy {namespace}/{name}"),
        format!("Namespace {namespace}"),
        format!("Namespace /{namespace}"),
    ];
    let error = errors.iter().find(|error| own.contains(&error.object))?;
    Some(Trouble::new(
        Reason::ApplyFailed,
        format!("its cluster refuses {}: {}", error.object, sentence(&error.message)),
    ))
}

/// What a pod's own state tells.
fn of_pod(pod: &PodObservation) -> Option<Trouble> {
    if !pod.unschedulable.is_empty() {
        return Some(scheduling::explain(&pod.unschedulable));
    }
    let mut containers: Vec<_> = pod.containers.iter().collect();
    // The desktop's own trouble explains more than the relay's.
    containers.sort_by_key(|(name, _)| (name.as_str() != "workspace", (*name).clone()));
    containers.into_iter().find_map(|(name, container)| of_container(name, container))
}

fn of_container(name: &str, container: &ContainerObservation) -> Option<Trouble> {
    let what = match name {
        "workspace" => "the desktop",
        "relay" => "the relay",
        // Only charts have others.
        other => &format!("container \"{other}\""),
    };
    let said = sentence(&container.message);
    let with = |words: &str| if said.is_empty() { words.to_owned() } else { format!("{words}: {said}") };
    let code = container.exit_code;
    Some(match container.reason.as_str() {
        "ErrImagePull"
        | "ImagePullBackOff"
        | "ErrImageNeverPull"
        | "RegistryUnavailable"
        | "ImageInspectError" => {
            Trouble::new(Reason::ImagePull, with(&format!("the OCI image of {what} cannot be pulled")))
        }
        "InvalidImageName" => Trouble::new(
            Reason::ImagePull,
            with(&format!("the OCI image of {what} has a name that cannot be: correct it in its Image")),
        ),
        "OOMKilled" => out_of_memory(what),
        // The waiting reason hides the last end's: 137 is SIGKILL, which here is the memory limit's.
        "CrashLoopBackOff" if code == Some(137) => out_of_memory(what),
        // An end by itself is none: kubelet starts the container again at once, and says so when it ends too often.
        "CrashLoopBackOff" => {
            let how = code.map_or_else(String::new, |code| format!(" with exit code {code}"));
            Trouble::new(
                Reason::CrashLoop,
                format!("{what} ends{how} each time it is started: look at `nagaya workspace logs`"),
            )
        }
        "CreateContainerConfigError"
        | "CreateContainerError"
        | "RunContainerError"
        | "ContainerCannotRun"
        | "StartError"
        | "PostStartHookError"
        | "PreCreateHookError" => Trouble::new(
            Reason::ContainerConfig,
            with(&format!("the container of {what} cannot be made from its template and image")),
        ),
        "ContainerStatusUnknown" | "DeadlineExceeded" => return None,
        _ => return None,
    })
}

fn out_of_memory(what: &str) -> Trouble {
    Trouble::new(
        Reason::OutOfMemory,
        format!(
            "{what} used more memory than its template allows and was ended: raise memoryLimit in the template, or run less in it"
        ),
    )
}

/// What the events tell of a pod whose own state tells nothing.
fn on_the_way<'a>(
    pod: &PodObservation,
    seen: &WorkspaceObservation,
    events: impl Iterator<Item = &'a EventLine> + Clone,
) -> Option<Trouble> {
    if pod.phase == "Failed" {
        return Some(match events.clone().find(|event| event.reason == "Evicted") {
            Some(event) => Trouble::new(
                Reason::Evicted,
                format!("its node ran short and ended it; it is started again: {}", sentence(&event.message)),
            ),
            None => Trouble::new(Reason::CrashLoop, "its pod failed; it is started again"),
        });
    }
    let desktop = pod.containers.get("workspace");
    if desktop.is_some_and(|container| container.started_at.is_some()) {
        return Some(Trouble::new(
            Reason::DesktopNotAnswering,
            "its container runs; waiting until the desktop in it answers",
        ));
    }
    home(seen, events.clone()).or_else(|| mount::trouble(events))
}

fn home<'a>(seen: &WorkspaceObservation, mut events: impl Iterator<Item = &'a EventLine>) -> Option<Trouble> {
    if seen.home.as_deref() != Some("Pending") {
        return None;
    }
    let failed = events.find(|event| event.reason == "ProvisioningFailed");
    Some(match failed {
        Some(event) => {
            Trouble::new(Reason::HomeFailed, format!("its home cannot be made: {}", sentence(&event.message)))
        }
        None => Trouble::new(Reason::HomePending, "waiting until its home is made"),
    })
}

/// Why the StatefulSet could not make its pod.
fn refused(event: &EventLine) -> Option<Trouble> {
    if event.reason != "FailedCreate" {
        return None;
    }
    let message = &event.message;
    // "create Pod java-1-0 in StatefulSet java-1 failed error: " stands before what matters.
    let why = sentence(message.split_once("error: ").map_or(message.as_str(), |(_, why)| why));
    Some(if let Some((_, quota)) = why.split_once("exceeded quota: ") {
        Trouble::new(
            Reason::Quota,
            format!(
                "its namespace's quota is used up: stop another workspace, or ask operations to raise quota {quota}"
            ),
        )
    } else {
        Trouble::new(Reason::Admission, format!("its cluster's rules do not admit the pod: {why}"))
    })
}

/// A message as a part of one of our sentences: one line, not too long.
pub(super) fn sentence(message: &str) -> String {
    const LONGEST: usize = 400;
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
