//! A small HTTPS server whose pages are made by `git http-backend`, the program that git brings for web servers.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Who may fetch.
pub const USER: &str = "deploy";
/// And with what.
pub const PASSWORD: &str = "secret-1";

/// A certificate authority of one's own.
pub fn authority() -> (Certificate, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    (certificate, Issuer::new(params, key))
}

/// The server.
pub struct Backend {
    /// Where it listens on the loopback.
    pub port: u16,
    /// Who vouches for it, PEM.
    pub ca_pem: String,
    counts: Arc<Counts>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Counts {
    over: AtomicBool,
    requests: AtomicUsize,
    posts: AtomicUsize,
}

impl Backend {
    /// Serves all repositories below `root`.
    pub fn start(root: &Path) -> Self {
        let (certificate, issuer) = authority();
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let leaf = leaf.signed_by(&key, &issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let tls = ServerConfig::builder().with_no_client_auth();
        let tls = Arc::new(tls.with_single_cert(vec![leaf.der().clone()], key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let counts = Arc::new(Counts::default());
        let (root, counting) = (root.to_owned(), counts.clone());
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if counting.over.load(Ordering::SeqCst) {
                    return;
                }
                // A client that does not believe the certificate ends the handshake, and that is its affair.
                let _ = serve(stream.unwrap(), &tls, &root, &counting);
            }
        });
        Self { port, ca_pem: certificate.pem(), counts, thread: Some(thread) }
    }

    /// How often something was asked for.
    pub fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }

    /// How often a pack was.
    pub fn posts(&self) -> usize {
        self.counts.posts.load(Ordering::SeqCst)
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.counts.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Asked {
    method: String,
    path: String,
    query: String,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

/// One request a connection.
fn serve(tcp: TcpStream, tls: &Arc<ServerConfig>, root: &Path, counts: &Counts) -> std::io::Result<()> {
    let connection = ServerConnection::new(tls.clone()).map_err(std::io::Error::other)?;
    let mut stream = BufReader::new(StreamOwned::new(connection, tcp));
    let asked = read(&mut stream)?;
    counts.requests.fetch_add(1, Ordering::SeqCst);
    let right = format!("Basic {}", STANDARD.encode(format!("{USER}:{PASSWORD}")));
    let answer = if asked.headers.get("authorization") == Some(&right) {
        counts.posts.fetch_add(usize::from(asked.method == "POST"), Ordering::SeqCst);
        page(&asked, root)?
    } else {
        b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"git\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .to_vec()
    };
    let stream = stream.get_mut();
    stream.write_all(&answer)?;
    stream.conn.send_close_notify();
    stream.flush()
}

fn read(stream: &mut impl BufRead) -> std::io::Result<Asked> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (path, query) = (path.to_owned(), query.to_owned());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = Vec::new();
    if let Some(length) = headers.get("content-length") {
        body.resize(length.parse().map_err(std::io::Error::other)?, 0);
        stream.read_exact(&mut body)?;
    } else if headers.contains_key("transfer-encoding") {
        loop {
            let mut size = String::new();
            stream.read_line(&mut size)?;
            let size = usize::from_str_radix(size.trim(), 16).map_err(std::io::Error::other)?;
            // Each chunk ends with an empty line, the last one too.
            let mut chunk = vec![0; size + 2];
            stream.read_exact(&mut chunk)?;
            body.extend_from_slice(&chunk[..size]);
            if size == 0 {
                break;
            }
        }
    }
    Ok(Asked { method, path, query, headers, body })
}

/// What `git http-backend` answers, by the rules of CGI.
fn page(asked: &Asked, root: &Path) -> std::io::Result<Vec<u8>> {
    let header = |name: &str| asked.headers.get(name).cloned().unwrap_or_default();
    let mut program = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "safe.directory")
        .env("GIT_CONFIG_VALUE_0", "*")
        .env("REQUEST_METHOD", &asked.method)
        .env("PATH_INFO", &asked.path)
        .env("QUERY_STRING", &asked.query)
        .env("CONTENT_TYPE", header("content-type"))
        .env("CONTENT_LENGTH", asked.body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .env("GIT_PROTOCOL", header("git-protocol"))
        .env("REMOTE_USER", USER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let (mut stdin, body) = (program.stdin.take().ok_or(std::io::ErrorKind::BrokenPipe)?, asked.body.clone());
    let writing = std::thread::spawn(move || stdin.write_all(&body));
    let output = program.wait_with_output()?.stdout;
    let _ = writing.join();
    let end =
        output.windows(4).position(|four| four == b"\r\n\r\n").ok_or(std::io::ErrorKind::InvalidData)?;
    let head = String::from_utf8_lossy(&output[..end]).into_owned();
    let body = &output[end + 4..];
    let status = head.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK");
    let rest: Vec<_> = head.lines().filter(|line| !line.starts_with("Status: ")).collect();
    let mut answer = format!(
        "HTTP/1.1 {status}\r\n{}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        rest.join("\r\n"),
        body.len()
    )
    .into_bytes();
    answer.extend_from_slice(body);
    Ok(answer)
}
