//! Archives of charts go to an agent ahead of the intent that names them.

use std::collections::BTreeSet;

use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use nagaya_api::agent::CHARTS_PATH;
use nagaya_tunnel::Lane;

use super::send::{ANSWER_LIMIT, ANSWER_TIME, Sender};
use crate::{error::ControlError, model::Content};

/// Brings the agent what it lacks. `known` are digests of archives that it has.
///
/// One that is not here is not brought: the agent may have it, or else says that it waits for it.
pub(super) async fn bring(
    sender: &Sender,
    content: &Content,
    known: &mut BTreeSet<String>,
) -> Result<(), ControlError> {
    bring_those(sender, named(content), known).await
}

/// The same, of those that the agent says it lacks.
pub(super) async fn bring_some(
    sender: &Sender,
    content: &Content,
    lacks: &BTreeSet<String>,
    known: &mut BTreeSet<String>,
) -> Result<(), ControlError> {
    let lacking = named(content).into_iter().filter(|digest| lacks.contains(*digest)).collect();
    bring_those(sender, lacking, known).await
}

/// The charts that an intent names. What is held as it is may be of one that nobody knows any more.
fn named(content: &Content) -> BTreeSet<&String> {
    let digests = content.releases.iter().map(|told| &told.0.chart.digest);
    digests.filter(|digest| !digest.is_empty()).collect()
}

async fn bring_those(
    sender: &Sender,
    digests: BTreeSet<&String>,
    known: &mut BTreeSet<String>,
) -> Result<(), ControlError> {
    let Some(folder) = &sender.charts else { return Ok(()) };
    for digest in digests {
        if known.contains(digest) {
            continue;
        }
        if ask(sender, Method::HEAD, digest, Vec::new()).await? != StatusCode::OK {
            match tokio::fs::read(folder.join(format!("{digest}.tgz"))).await {
                Ok(archive) => {
                    tracing::info!(
                        cluster = sender.cluster,
                        digest,
                        bytes = archive.len(),
                        "sending a chart"
                    );
                    ask(sender, Method::PUT, digest, archive).await?;
                }
                Err(error) => {
                    tracing::warn!(cluster = sender.cluster, digest, %error, "a chart is not here to be sent");
                    continue;
                }
            }
        }
        known.insert(digest.clone());
    }
    Ok(())
}

/// One request about an archive. What is not there is no error.
async fn ask(
    sender: &Sender,
    method: Method,
    digest: &str,
    body: Vec<u8>,
) -> Result<StatusCode, ControlError> {
    let refused =
        |status, message: String| ControlError::Agent { cluster: sender.cluster.clone(), status, message };
    let uri = format!("{CHARTS_PATH}/{digest}");
    let mut request = Request::new(nagaya_tunnel::full(body));
    *request.method_mut() = method;
    *request.uri_mut() =
        uri.parse().map_err(|_| refused(StatusCode::BAD_REQUEST, format!("{digest} is no digest")))?;
    request.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/gzip"));
    let answer = async {
        let response = sender.hub.request(&sender.cluster, Lane::Control, request).await?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_LIMIT).collect().await;
        let body = body.map_err(|error| refused(status, error.to_string()))?.to_bytes();
        if status.is_success() || status == StatusCode::NOT_FOUND {
            return Ok(status);
        }
        Err(refused(status, String::from_utf8_lossy(&body).trim().to_owned()))
    };
    let late = || refused(StatusCode::GATEWAY_TIMEOUT, "no answer in time".into());
    tokio::time::timeout(ANSWER_TIME, answer).await.unwrap_or_else(|_| Err(late()))
}
