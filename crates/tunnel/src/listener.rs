//! The server's end: accepting agents.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::client::conn::http2::SendRequest;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::body::{Body, BoxError};
use crate::closable::Closable;
use crate::enrol::{Enroller, serve_enrolment};
use crate::executor::Tracked;
use crate::hello::{self, AgentHello, HELLO_LIMIT};
use crate::hub::Connection;
use crate::lane::ENROL_ALPN;
use crate::paced::Paced;
use crate::path::tune;
use crate::tls::agent_of;
use crate::{Hub, Lane, ServerTls, Timings, limits};

/// Handshakes and enrolments at once: what strangers can make this server hold.
const STRANGERS: usize = 1024;
/// Pause after the listener itself failed, for example for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Accepts agents until `cancel`; then ends every connection and returns when all of its tasks have ended.
pub async fn serve(
    listener: TcpListener,
    tls: ServerTls,
    hub: Hub,
    enroller: Arc<dyn Enroller>,
    cancel: CancellationToken,
) {
    serve_with(listener, tls, hub, enroller, Timings::default(), cancel).await;
}

/// As [`serve`], with other timings.
pub async fn serve_with(
    listener: TcpListener,
    tls: ServerTls,
    hub: Hub,
    enroller: Arc<dyn Enroller>,
    timings: Timings,
    cancel: CancellationToken,
) {
    let tasks = TaskTracker::new();
    let strangers = Arc::new(Semaphore::new(STRANGERS));
    // When all agents come back at one moment, half of the cores compute handshakes, the others do what else is asked.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let turns = Arc::new(Semaphore::new((cores / 2).max(1)));
    loop {
        let accepted = tokio::select! {
            () = cancel.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (tcp, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "the tunnel listener could not accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let Ok(permit) = strangers.clone().try_acquire_owned() else {
            tracing::warn!(%peer, "too many handshakes at once; a connection was closed");
            continue;
        };
        let door = Door {
            acceptor: TlsAcceptor::from(tls.current()),
            tls: tls.clone(),
            hub: hub.clone(),
            enroller: enroller.clone(),
            timings,
            turns: turns.clone(),
            tasks: tasks.clone(),
            close: cancel.child_token(),
        };
        tasks.spawn(async move {
            if let Err(error) = door.admit(tcp, peer, permit).await {
                tracing::debug!(%peer, error = %error, "a tunnel connection ended");
            }
        });
    }
    tasks.close();
    tasks.wait().await;
}

/// What one new connection needs.
struct Door {
    acceptor: TlsAcceptor,
    tls: ServerTls,
    hub: Hub,
    enroller: Arc<dyn Enroller>,
    timings: Timings,
    turns: Arc<Semaphore>,
    tasks: TaskTracker,
    close: CancellationToken,
}

impl Door {
    async fn admit(
        self,
        tcp: TcpStream,
        peer: SocketAddr,
        permit: tokio::sync::OwnedSemaphorePermit,
    ) -> Result<(), BoxError> {
        tune(&tcp, self.timings.ping_interval + self.timings.ping_timeout)?;
        // In boxes, as below: what is needed for the beginning only is not to stay with a connection that lasts for days.
        let handshake = Paced::new(self.acceptor.accept(tcp), self.turns.clone());
        let handshake = tokio::time::timeout(self.timings.connect_timeout, handshake);
        let stream = tokio::select! {
            () = self.close.cancelled() => return Ok(()),
            stream = handshake => stream??,
        };
        let (_, session) = stream.get_ref();
        let agent = agent_of(session.peer_certificates());
        let alpn = session.alpn_protocol().unwrap_or_default().to_vec();
        if alpn == ENROL_ALPN {
            let close = self.close.clone();
            tokio::select! {
                () = close.cancelled() => {}
                () = serve_enrolment(stream, agent.map(|(cluster, _)| cluster), self.enroller) => {}
            }
            return Ok(());
        }
        let lane = Lane::from_alpn(&alpn).ok_or("the connection names no lane")?;
        let (cluster, ends) = agent.ok_or("a lane needs an agent's certificate")?;
        drop(permit);
        Box::pin(self.carry(stream, peer, lane, cluster, ends)).await
    }

    async fn carry(
        self,
        stream: TlsStream<TcpStream>,
        peer: SocketAddr,
        lane: Lane,
        cluster: String,
        ends: Timestamp,
    ) -> Result<(), BoxError> {
        let builder = limits::client(&self.timings, Tracked(self.tasks.clone()));
        // However this ends, the connection and all its streams end with it.
        let over = self.close.child_token();
        let gone = CancellationToken::new();
        let stream = Closable::new(stream, over.clone(), gone.clone());
        let _over = over.drop_guard();
        let handshake = Box::pin(builder.handshake(TokioIo::new(stream)));
        let (sender, connection) = tokio::time::timeout(self.timings.connect_timeout, handshake).await??;
        let mut connection = Box::pin(connection);
        let hello = {
            let asked = Box::pin(self.meet(&cluster, peer, sender.clone()));
            let asked = tokio::time::timeout(self.timings.connect_timeout, asked);
            tokio::select! {
                () = self.close.cancelled() => return Ok(()),
                ended = &mut connection => return ended.map_err(Into::into),
                hello = asked => hello??,
            }
        };
        tracing::info!(cluster, %lane, %peer, agent = hello.agent_id, version = hello.version, "agent connected");
        let agent = hello.agent_id.clone();
        let id = self.hub.register(Connection {
            cluster: cluster.clone(),
            lane,
            hello,
            peer,
            since: Timestamp::now(),
            sender,
            close: self.close.clone(),
        });
        let _registered = Registered { hub: &self.hub, cluster: &cluster, id };
        if !self.tls.admits(&cluster) {
            // Refused between its handshake and its registration, when `Hub::disconnect` could not see it yet.
            return Err("the cluster is no longer admitted".into());
        }
        let ended = tokio::select! {
            () = self.close.cancelled() => Ok(()),
            () = until(ends) => Err("its certificate has ended".into()),
            ended = &mut connection => {
                // It takes no more requests. What is under way through it goes on until both ends are done with it, and
                // can be ended from here as before. What still came into its queue finds another connection.
                drop(connection);
                if ended.is_ok() {
                    tokio::select! {
                        () = self.close.cancelled() => {}
                        () = until(ends) => {}
                        () = gone.cancelled() => {}
                    }
                }
                ended.map_err(BoxError::from)
            }
        };
        tracing::info!(cluster, %lane, %peer, agent, error = ended.as_ref().err().map(tracing::field::display), "agent's connection ended");
        ended
    }
}

impl Door {
    /// Who is there; an error when it is not who its certificate says, after it was told so.
    async fn meet(
        &self,
        cluster: &str,
        peer: SocketAddr,
        mut sender: SendRequest<Body>,
    ) -> Result<AgentHello, BoxError> {
        let response = sender.send_request(hello::request()).await?;
        let body = Limited::new(response.into_body(), HELLO_LIMIT).collect().await?;
        let hello: AgentHello = serde_json::from_slice(&body.to_bytes())?;
        if let Err(why) = self.enroller.recognise(cluster, &hello, peer).await {
            // Whether it listens to that is its affair.
            let _ = sender.send_request(hello::refusal(&why)).await;
            return Err(why.into());
        }
        Ok(hello)
    }
}

/// Takes a connection off the register however its task ends.
struct Registered<'a> {
    hub: &'a Hub,
    cluster: &'a str,
    id: u64,
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        self.hub.unregister(self.cluster, self.id);
    }
}

/// Waits for a point of the calendar, which may be years away and past what a timer takes.
pub(crate) async fn until(at: Timestamp) {
    loop {
        let left = Duration::try_from(at.duration_since(Timestamp::now())).unwrap_or_default();
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left.min(Duration::from_secs(3600))).await;
    }
}
