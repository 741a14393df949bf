//! Bringing one commit of a repository here, bare and without history.

use std::{
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use gix::{
    bstr::ByteSlice as _,
    credentials::{helper, protocol},
    protocol::transport::client::blocking_io::http,
    remote::{Direction, fetch::Shallow, fetch::Tags},
};

use crate::tree::{self, File, Limits};

/// How often the size of what comes is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// Who asks a repository's server.
#[derive(Clone)]
pub struct Credential {
    /// User; of most servers anything will do beside a token.
    pub user: String,
    /// Password or token.
    pub password: String,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential").field("user", &self.user).finish_non_exhaustive()
    }
}

/// What to fetch, and where to keep it.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// The repository, `https://…` or `file://…`.
    pub url: String,
    /// Branch, tag or full commit.
    pub reference: String,
    /// Folder in the repository; empty: all of it.
    pub path: String,
    /// A folder of this fetch's own, which is made, and emptied when it is of no use.
    pub folder: PathBuf,
    /// Who asks.
    pub credential: Option<Credential>,
    /// The only authorities that are believed, PEM; empty: those that the host trusts.
    pub ca_pem: String,
    /// What is taken at most.
    pub limits: Limits,
}

/// Why nothing came.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The repository did not give it.
    #[error("{url} does not give \"{reference}\": {why}")]
    Remote {
        /// The repository.
        url: String,
        /// What was asked for.
        reference: String,
        /// Its words.
        why: String,
    },
    /// It asks who asks, or does not believe it.
    #[error(
        "{url} asks for a user and token, or refuses those it was given: seal them with `nagaya source secret NAME`"
    )]
    Credential {
        /// The repository.
        url: String,
    },
    /// The authority that is to be believed.
    #[error("spec.ca does not read: {0}; give the CA's certificate in PEM")]
    Ca(String),
    /// It is more than is taken.
    #[error("{what}: {mend}")]
    Limit {
        /// What is too much.
        what: String,
        /// What to do about it.
        mend: &'static str,
    },
    /// It is not what a source reads.
    #[error("{file}: {what}: {mend}")]
    Tree {
        /// The file or folder, from the root of the repository.
        file: String,
        /// What it is.
        what: String,
        /// What to do about it.
        mend: &'static str,
    },
    /// The copy here cannot be kept or read.
    #[error("the copy in {folder} cannot be used: {why}")]
    Copy {
        /// The folder.
        folder: String,
        /// Why.
        why: String,
    },
}

/// The error with all its causes, in one line.
fn words(error: &gix::Error) -> String {
    let mut text = error.to_string().lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        let more = cause.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        next = cause.source();
    }
    text
}

fn is_commit(reference: &str) -> bool {
    reference.len() == 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Fetches a commit and reads the files of its folder. Returns its id and them.
///
/// # Errors
/// See [`FetchError`]. The copy may be incomplete then; the next fetch mends it.
pub fn fetch(request: &Fetch) -> Result<(String, Vec<File>), FetchError> {
    let broken = |why: String| FetchError::Copy { folder: request.folder.display().to_string(), why };
    // Packs gather, and nobody tidies them up: now and then a copy begins anew.
    if size(&request.folder) > request.limits.repository / 2 {
        std::fs::remove_dir_all(&request.folder).map_err(|error| broken(error.to_string()))?;
    }
    let repository = match open(&request.folder) {
        Ok(repository) => repository,
        Err(_) => {
            if request.folder.exists() {
                std::fs::remove_dir_all(&request.folder).map_err(|error| broken(error.to_string()))?;
            }
            std::fs::create_dir_all(&request.folder).map_err(|error| broken(error.to_string()))?;
            gix::init_bare(&request.folder).map_err(|error| broken(words(&error)))?;
            open(&request.folder).map_err(|error| broken(words(&error)))?
        }
    };
    let commit = bring(&repository, request)?;
    let files = tree::read(&repository, commit, &request.path, &request.limits)?;
    Ok((commit.to_hex().to_string(), files))
}

/// Nothing but the repository's own settings is read: no helper, proxy command or rewritten address of whoever runs
/// the server.
fn open(folder: &Path) -> gix::Result<gix::Repository> {
    gix::open_opts(folder, gix::open::Options::isolated().open_path_as_is(true))
}

fn bring(repository: &gix::Repository, request: &Fetch) -> Result<gix::ObjectId, FetchError> {
    let refused = AtomicBool::new(false);
    let remote_error = |error: &gix::Error| {
        if refused.load(Ordering::Relaxed) {
            return FetchError::Credential { url: request.url.clone() };
        }
        FetchError::Remote {
            url: request.url.clone(),
            reference: request.reference.clone(),
            why: words(error),
        }
    };
    let reference = &request.reference;
    let specs = if is_commit(reference) {
        vec![format!("{reference}:refs/nagaya/commit")]
    } else if reference.starts_with("refs/") {
        vec![format!("+{reference}:refs/nagaya/ref")]
    } else {
        vec![
            format!("+refs/heads/{reference}:refs/nagaya/branch"),
            format!("+refs/tags/{reference}:refs/nagaya/tag"),
        ]
    };
    let remote = repository
        .remote_at_without_url_rewrite(request.url.as_str())
        .and_then(|remote| remote.with_refspecs(specs.iter().map(String::as_str), Direction::Fetch))
        .map_err(|error| remote_error(&error))?
        .with_fetch_tags(Tags::None);
    let credential = request.credential.clone();
    let authorities = authorities(&request.ca_pem)?;
    let connection = remote
        .connect(Direction::Fetch)
        .map_err(|error| remote_error(&error))?
        .with_credentials(|action| {
            match (action, &credential) {
                (helper::Action::Get(context), Some(credential)) => Ok(Some(protocol::Outcome {
                    identity: gix::sec::identity::Account {
                        username: credential.user.clone(),
                        password: credential.password.clone(),
                        oauth_refresh_token: None,
                    },
                    next: context.into(),
                })),
                // The server wants some and there are none, or it refuses them.
                (helper::Action::Get(_) | helper::Action::Erase(_), _) => {
                    refused.store(true, Ordering::Relaxed);
                    Ok(None)
                }
                (helper::Action::Store(_), _) => Ok(None),
            }
        })
        .with_transport_options(Box::new(transport(request.limits.time, authorities)));
    let stop = Arc::new(AtomicBool::new(false));
    let watch = Watch::start(request, &stop);
    let fetched = connection
        .prepare_fetch(gix::progress::Discard, gix::remote::ref_map::Options::default())
        .and_then(|prepared| {
            prepared
                .with_shallow(Shallow::DepthAtRemote(NonZeroU32::MIN))
                .receive(gix::progress::Discard, &stop)
        });
    if let Some(limit) = watch.end() {
        return Err(limit);
    }
    let fetched = fetched.map_err(|error| remote_error(&error))?;
    // A branch wins over a tag of its name, as the specs are in that order.
    let mut found: Vec<_> = fetched
        .ref_map
        .mappings
        .iter()
        .filter_map(|mapping| {
            Some((mapping.local.as_ref()?.to_str_lossy().into_owned(), mapping.remote.as_id()?))
        })
        .collect();
    found.sort();
    let id = found.first().map(|(_, id)| id.to_owned().to_owned());
    let id = id.ok_or_else(|| FetchError::Remote {
        url: request.url.clone(),
        reference: reference.clone(),
        why: "there is no such branch, tag or commit".into(),
    })?;
    // An annotated tag is an object of its own.
    let commit = repository
        .find_object(id)
        .and_then(|object| object.peel_to_kind(gix::object::Kind::Commit))
        .map_err(|error| remote_error(&error))?;
    Ok(commit.id)
}

fn authorities(pem: &str) -> Result<Vec<reqwest::Certificate>, FetchError> {
    if pem.is_empty() {
        return Ok(Vec::new());
    }
    match reqwest::Certificate::from_pem_bundle(pem.as_bytes()) {
        Ok(found) if found.is_empty() => Err(FetchError::Ca("there is no certificate in it".to_owned())),
        Ok(found) => Ok(found),
        Err(error) => Err(FetchError::Ca(error.to_string())),
    }
}

/// How http requests are made: with a limit on each, and to whom `authorities` vouch for, if there are some.
fn transport(time: Duration, authorities: Vec<reqwest::Certificate>) -> http::Options {
    let configure = move |builder: reqwest::blocking::ClientBuilder| -> gix::Result<_> {
        let builder = builder.timeout(time);
        Ok(if authorities.is_empty() { builder } else { builder.tls_certs_only(authorities.clone()) })
    };
    let backend =
        http::reqwest::Options { configure_client: Some(Box::new(configure)), configure_request: None };
    http::Options { backend: Some(Arc::new(Mutex::new(backend))), ..http::Options::default() }
}

/// Looks after a fetch from a thread of its own, and stops it when it is too much or takes too long.
struct Watch {
    over: mpsc::Sender<()>,
    thread: std::thread::JoinHandle<Option<FetchError>>,
}

impl Watch {
    fn start(request: &Fetch, stop: &Arc<AtomicBool>) -> Self {
        let (over, ended) = mpsc::channel();
        let (folder, limits, stop) = (request.folder.clone(), request.limits, Arc::clone(stop));
        let thread = std::thread::spawn(move || {
            let began = Instant::now();
            while ended.recv_timeout(LOOK) == Err(mpsc::RecvTimeoutError::Timeout) {
                let what = if began.elapsed() > limits.time {
                    Some((
                        format!("it took longer than {} s", limits.time.as_secs()),
                        "use a smaller repository",
                    ))
                } else if size(&folder) > limits.repository {
                    let mib = limits.repository >> 20;
                    Some((
                        format!("one commit is larger than {mib} MiB"),
                        "keep objects in a repository of their own",
                    ))
                } else {
                    None
                };
                if let Some((what, mend)) = what {
                    stop.store(true, Ordering::Relaxed);
                    return Some(FetchError::Limit { what, mend });
                }
            }
            None
        });
        Self { over, thread }
    }

    /// Ends it. Returns why it stopped the fetch, if it did.
    fn end(self) -> Option<FetchError> {
        // It may have ended by itself.
        let _ = self.over.send(());
        self.thread.join().unwrap_or_default()
    }
}

/// Bytes in a folder, as far as they can be told.
fn size(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    });
    sizes.sum()
}
