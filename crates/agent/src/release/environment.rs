//! What is behind the Service of a release that is a workspace: which pod its streams go to, at which port.
//!
//! The pod is found by the Service's selector, in the Service's namespace, and dialled at the address that its kubelet
//! gave it. Endpoints are not asked: whoever may write those, or an ExternalName, could have the agent reach anything
//! that the agent reaches.

use std::fmt;

use k8s_openapi::api::core::v1::{Container, Pod, Service, ServicePort};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kube::api::{Api, ListParams};
use kube::{Client, ResourceExt};
use nagaya_api::agent::{Environment, EnvironmentObservation};
use nagaya_helm::action::ownership::Release;

use crate::report::observe;

/// Annotation of Helm's with the name of the release that an object is of.
const RELEASE_NAME: &str = "meta.helm.sh/release-name";
/// Pods behind one Service that are looked at.
const PODS: u32 = 50;
/// What the container that a person works in is called in reports.
const CONTAINER: &str = "workspace";

/// Why a Service does not lead to a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoWay {
    /// It never will: the chart, or the template that names it, is to be changed.
    Never(String),
    /// Not yet, or not now.
    NotNow(String),
    /// The API server did not tell.
    Unknown(String),
}

impl fmt::Display for NoWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Never(why) | Self::NotNow(why) | Self::Unknown(why)) = self;
        f.write_str(why)
    }
}

/// A Service with the pods that it selects.
struct Behind {
    service: Service,
    pods: Vec<Pod>,
}

impl Behind {
    async fn read(client: &Client, namespace: &str, release: &str, service: &str) -> Result<Behind, NoWay> {
        let unknown = |error: kube::Error| NoWay::Unknown(format!("the API server does not answer: {error}"));
        let found =
            Api::<Service>::namespaced(client.clone(), namespace).get_opt(service).await.map_err(unknown)?;
        let Some(found) = found else {
            let words = format!(
                "the chart made no Service \"{service}\": name one that it makes in spec.chart.service of the template"
            );
            return Err(NoWay::Never(words));
        };
        if found.annotations().get(RELEASE_NAME).map(String::as_str) != Some(release) {
            let words = format!(
                "Service \"{service}\" is not of release \"{release}\": name one that the chart makes in spec.chart.service of the template"
            );
            return Err(NoWay::Never(words));
        }
        let selector = found.spec.as_ref().and_then(|spec| spec.selector.clone()).unwrap_or_default();
        if selector.is_empty() {
            let words = format!(
                "Service \"{service}\" selects no pods: name another in spec.chart.service of the template"
            );
            return Err(NoWay::Never(words));
        }
        let labels: Vec<_> = selector.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let list = ListParams::default().labels(&labels.join(",")).limit(PODS);
        let pods =
            Api::<Pod>::namespaced(client.clone(), namespace).list(&list).await.map_err(unknown)?.items;
        Ok(Behind { service: found, pods })
    }

    fn port(&self, port: u16) -> Result<&ServicePort, NoWay> {
        let ports = self.service.spec.as_ref().and_then(|spec| spec.ports.as_ref());
        let tcp = |one: &&ServicePort| one.protocol.as_deref().is_none_or(|protocol| protocol == "TCP");
        let mut all = ports.into_iter().flatten().filter(tcp);
        all.find(|one| one.port == i32::from(port)).ok_or_else(|| {
            let name = self.service.name_any();
            NoWay::Never(format!("Service \"{name}\" has no port {port}: correct spec.ports of the template"))
        })
    }

    /// The pod that streams go to, or that will be it.
    fn pod(&self) -> Option<&Pod> {
        let rank = |pod: &&Pod| {
            let scheduled = pod.metadata.creation_timestamp.as_ref().map(|time| time.0);
            (pod.metadata.deletion_timestamp.is_none(), is_ready(pod), scheduled)
        };
        self.pods.iter().max_by_key(rank)
    }
}

fn is_ready(pod: &Pod) -> bool {
    let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_ref());
    conditions.into_iter().flatten().any(|one| one.type_ == "Ready" && one.status == "True")
}

fn containers(pod: &Pod) -> &[Container] {
    pod.spec.as_ref().map_or(&[], |spec| &spec.containers)
}

/// The number of the port in a pod.
fn target(port: &ServicePort, pod: &Pod) -> Option<u16> {
    match port.target_port.as_ref() {
        None => u16::try_from(port.port).ok(),
        Some(IntOrString::Int(number)) => u16::try_from(*number).ok(),
        Some(IntOrString::String(name)) => {
            let ports = containers(pod).iter().flat_map(|one| one.ports.iter().flatten());
            let named =
                ports.filter(|one| one.name.as_ref() == Some(name)).map(|one| one.container_port).next();
            named.and_then(|number| u16::try_from(number).ok())
        }
    }
}

/// The container that has the port, or else the first.
fn main_container(port: Option<&ServicePort>, pod: &Pod) -> Option<String> {
    let number = port.and_then(|port| target(port, pod)).map(i32::from);
    let has = |one: &&Container| one.ports.iter().flatten().any(|one| Some(one.container_port) == number);
    let all = containers(pod);
    all.iter().find(has).or_else(|| all.first()).map(|one| one.name.clone())
}

/// Looks at what is behind the Service of a release.
pub(super) async fn look(
    client: &Client,
    release: &Release,
    environment: &Environment,
) -> Result<EnvironmentObservation, String> {
    match Behind::read(client, &release.namespace, &release.name, &environment.service).await {
        Ok(behind) => Ok(seen(&behind, &environment.ports)),
        Err(NoWay::Never(fault)) => Ok(EnvironmentObservation { fault, ..EnvironmentObservation::default() }),
        Err(other) => Err(other.to_string()),
    }
}

/// What keeps it from being opened, if anything.
pub(super) fn obstacle(environment: &Environment, seen: &EnvironmentObservation) -> Option<String> {
    if !seen.fault.is_empty() {
        return Some(seen.fault.clone());
    }
    let ready = seen.pod.as_ref().is_some_and(|pod| pod.ready && !pod.deleting);
    (!ready).then(|| format!("no pod behind Service \"{}\" is ready", environment.service))
}

fn seen(behind: &Behind, ports: &[u16]) -> EnvironmentObservation {
    let wrong = ports.iter().find_map(|port| behind.port(*port).err());
    let pod = behind.pod();
    let first = ports.first().and_then(|port| behind.port(*port).ok());
    let container = pod.and_then(|pod| main_container(first, pod)).unwrap_or_default();
    let observed = pod.map(observe).map(|mut observed| {
        if let Some(main) = observed.containers.remove(&container) {
            observed.containers.insert(CONTAINER.to_owned(), main);
        }
        observed
    });
    let fault = wrong.map(|why| why.to_string()).unwrap_or_default();
    EnvironmentObservation { pod: observed, container, fault, outdated: false }
}

/// Address and port of the pod that a stream to the Service's port goes to.
///
/// # Errors
/// Why there is none.
pub async fn way(
    client: &Client,
    namespace: &str,
    release: &str,
    service: &str,
    port: u16,
) -> Result<(String, u16), NoWay> {
    let behind = Behind::read(client, namespace, release, service).await?;
    reach(&behind, port)
}

fn reach(behind: &Behind, port: u16) -> Result<(String, u16), NoWay> {
    let port = behind.port(port)?;
    let name = behind.service.name_any();
    let pod = behind.pod().filter(|pod| pod.metadata.deletion_timestamp.is_none() && is_ready(pod));
    let Some(pod) = pod else {
        return Err(NoWay::NotNow(format!("no pod behind Service \"{name}\" is ready")));
    };
    // Its address is its node's, where other things listen.
    if pod.spec.as_ref().and_then(|spec| spec.host_network) == Some(true) {
        let words = format!(
            "pod \"{}\" behind Service \"{name}\" is in its node's network: have the chart give it one of its own",
            pod.name_any()
        );
        return Err(NoWay::Never(words));
    }
    let ip = pod.status.as_ref().and_then(|status| status.pod_ip.clone()).filter(|ip| !ip.is_empty());
    let Some(ip) = ip else {
        return Err(NoWay::NotNow(format!("pod \"{}\" has no address yet", pod.name_any())));
    };
    let number = target(port, pod).ok_or_else(|| {
        NoWay::Never(format!(
            "port {} of Service \"{name}\" leads to no port of pod \"{}\"",
            port.port,
            pod.name_any()
        ))
    })?;
    Ok((ip, number))
}

#[cfg(test)]
#[path = "environment_tests.rs"]
mod tests;
