//! Addresses of what others keep: no secret in them, and nobody on the way who could change what comes.

use crate::Cause;

/// What an address may be, and how its mends are worded.
pub(super) struct Address {
    /// Beside http:// and file://, each with its colon and slashes.
    pub(super) schemes: &'static [&'static str],
    /// Whether it needs a path behind its host.
    pub(super) path: bool,
    /// All schemes, in words.
    pub(super) words: &'static str,
    /// An address that is one.
    pub(super) example: &'static str,
    /// A folder that is one.
    pub(super) folder: &'static str,
    /// The command that seals user and password.
    pub(super) command: &'static str,
}

impl Address {
    /// What is wrong with `spec.url`.
    pub(super) fn check(&self, url: &str) -> Option<Cause> {
        let bad = |message: &str, mend: &str| Some(Cause::invalid("spec.url", message, mend));
        let instead = |example: &str| format!("for instance {example}");
        if url.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return bad("holds spaces", "write them as %20");
        }
        if let Some(path) = url.strip_prefix("file://") {
            let outside = !path.starts_with('/') || path.split('/').any(|part| part == "..");
            return outside.then(|| bad("is no absolute path", &instead(self.folder))).flatten();
        }
        let mut schemes = self.schemes.iter().copied().chain(["http://"]);
        let Some(rest) = schemes.find_map(|scheme| url.strip_prefix(scheme)) else {
            return bad(&format!("is neither {}", self.words), &instead(self.example));
        };
        let host = rest.split('/').next().unwrap_or_default();
        if host.contains('@') {
            return bad("holds a user or a password", &format!("seal them: {}", self.command));
        }
        if host.is_empty() {
            return bad("names no host", &instead(self.example));
        }
        if self.path && rest.len() == host.len() {
            return bad("names no repository", &instead(self.example));
        }
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        if url.starts_with("http://") && !["localhost", "127.0.0.1", "[::1]"].contains(&name) {
            return bad(
                "is plain http: whoever is on the way could change what comes",
                "use https; plain http is for this machine's own addresses only",
            );
        }
        None
    }
}
