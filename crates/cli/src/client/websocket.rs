//! WebSockets to the server: commands in a workspace.

use futures::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use http::Request;
use nagaya_api::ApiError;
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error as WsError, Message, client::IntoClientRequest as _},
};

use super::{Client, encode, innermost};
use crate::CliError;

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// A protocol of Kubernetes' remote commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Understood by every version.
    V4,
    /// Can say that standard input ended, since Kubernetes 1.29
    /// (<https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4006-transition-spdy-to-websockets>).
    V5,
}

impl Protocol {
    fn word(self) -> &'static str {
        match self {
            Self::V4 => "v4.channel.k8s.io",
            Self::V5 => "v5.channel.k8s.io",
        }
    }
}

type Socket = WebSocketStream<Box<dyn Wire>>;

/// What goes to a command that runs in a workspace.
pub struct ToCommand {
    sink: SplitSink<Socket, Message>,
    protocol: Protocol,
}

/// What comes from a command that runs in a workspace.
pub struct ExecStream(SplitStream<Socket>);

/// A message of a running command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromCommand {
    /// Standard output.
    Output(Vec<u8>),
    /// Standard error.
    Error(Vec<u8>),
    /// How it ended: the Kubernetes Status as JSON.
    Ended(String),
}

impl ToCommand {
    /// Sends bytes to the command's standard input.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn input(&mut self, bytes: &[u8]) -> Result<(), CliError> {
        self.channel(0, bytes).await
    }

    /// Says that standard input ended.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn end_input(&mut self) -> Result<(), CliError> {
        if self.protocol == Protocol::V5 { self.channel(255, &[0]).await } else { Ok(()) }
    }

    /// Says how large the terminal is.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn resize(&mut self, width: u16, height: u16) -> Result<(), CliError> {
        self.channel(4, format!("{{\"Width\":{width},\"Height\":{height}}}").as_bytes()).await
    }

    async fn channel(&mut self, channel: u8, bytes: &[u8]) -> Result<(), CliError> {
        let mut message = Vec::with_capacity(bytes.len() + 1);
        message.push(channel);
        message.extend_from_slice(bytes);
        self.sink.send(Message::Binary(message.into())).await.map_err(|error| lost(&error))
    }
}

impl ExecStream {
    /// The next message; none when the connection ended.
    ///
    /// # Errors
    /// When it broke.
    pub async fn next(&mut self) -> Result<Option<FromCommand>, CliError> {
        while let Some(message) = self.0.next().await {
            let data = match message {
                Ok(Message::Binary(data)) => data,
                Ok(Message::Close(frame)) => {
                    // An orderly close may carry why; a plain end after the status is no error.
                    let reason = frame.filter(|f| u16::from(f.code) != 1000).map(|f| f.reason.to_string());
                    match reason.filter(|reason| !reason.is_empty()) {
                        Some(reason) => return Err(CliError::Other(reason)),
                        None => return Ok(None),
                    }
                }
                Ok(_) => continue,
                Err(WsError::ConnectionClosed | WsError::AlreadyClosed) => return Ok(None),
                Err(error) => return Err(lost(&error)),
            };
            match data.split_first() {
                Some((1, rest)) if !rest.is_empty() => return Ok(Some(FromCommand::Output(rest.to_vec()))),
                Some((2, rest)) if !rest.is_empty() => return Ok(Some(FromCommand::Error(rest.to_vec()))),
                Some((3, rest)) => {
                    return Ok(Some(FromCommand::Ended(String::from_utf8_lossy(rest).into_owned())));
                }
                _ => {}
            }
        }
        Ok(None)
    }
}

fn lost(error: &WsError) -> CliError {
    CliError::Other(format!("the connection to the workspace was lost: {}", innermost(error)))
}

/// Starts a command in a workspace.
///
/// # Errors
/// When the server refuses, or the workspace does not run.
pub async fn exec(
    client: &Client,
    workspace: &str,
    query: &[(&str, String)],
    protocol: Protocol,
) -> Result<(ToCommand, ExecStream), CliError> {
    let path = format!("{}/exec", super::object_path(nagaya_api::Kind::Workspace, workspace));
    let query: Vec<String> = query.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
    let url = format!("{}?{}", client.url(&path), query.join("&"));
    let url = format!("ws{}", url.strip_prefix("http").unwrap_or(&url));
    let mut request = url.into_client_request().map_err(|error| CliError::Usage(error.to_string()))?;
    let header = |value: &str| value.parse().map_err(|_| CliError::Usage("the token is not one".into()));
    request.headers_mut().insert("sec-websocket-protocol", header(protocol.word())?);
    if !client.connection.token.is_empty() {
        request
            .headers_mut()
            .insert("authorization", header(&format!("Bearer {}", client.connection.token))?);
    }
    let wire = dial(client, &request).await?;
    match client_async(request, wire).await {
        Ok((socket, _)) => {
            // Apart, since a command may want to be read before it reads on.
            let (sink, stream) = socket.split();
            Ok((ToCommand { sink, protocol }, ExecStream(stream)))
        }
        Err(WsError::Http(response)) => {
            let body = response.body().as_deref().unwrap_or_default();
            Err(match serde_json::from_slice::<ApiError>(body) {
                Ok(error) => error.into(),
                Err(_) => CliError::Other(format!("the server refused: {}", response.status())),
            })
        }
        Err(error) => Err(lost(&error)),
    }
}

async fn dial(client: &Client, request: &Request<()>) -> Result<Box<dyn Wire>, CliError> {
    let unreachable =
        |cause: String| CliError::Unreachable { server: client.connection.server.clone(), cause };
    let uri = request.uri();
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let secure = uri.scheme_str() == Some("wss");
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let tcp =
        TcpStream::connect((host.as_str(), port)).await.map_err(|error| unreachable(error.to_string()))?;
    // Key strokes are small and must not wait for more.
    tcp.set_nodelay(true).map_err(|error| unreachable(error.to_string()))?;
    if !secure {
        return Ok(Box::new(tcp));
    }
    let config = super::tls::config(&client.connection.certificate_authority)?;
    let name = ServerName::try_from(host).map_err(|error| unreachable(error.to_string()))?;
    let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::new(config));
    let tls = connector.connect(name, tcp).await.map_err(|error| unreachable(error.to_string()))?;
    Ok(Box::new(tls))
}
