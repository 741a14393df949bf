//! What is measured: the instance that `scripts/bench.sh` brought up, and a token for it.

use nagaya_e2e::Instance;

/// The instance and a way in.
#[derive(Debug)]
pub struct Subject {
    /// The instance.
    pub instance: Instance,
    /// An administrator's API token.
    pub token: String,
}

impl Subject {
    /// The instance of the environment, with a token made for this run.
    pub fn get() -> Self {
        let instance = Instance::get();
        let token = instance.ok(&["token", "create", "bench"]).trim().to_owned();
        Self { instance, token }
    }

    /// Host and port of the server.
    pub fn address(&self) -> String {
        self.instance.url.trim_start_matches("http://").to_owned()
    }
}
