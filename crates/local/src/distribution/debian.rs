//! Debian's source package, built with Debian's Go: what an air-gapped Debian machine can have.

use std::path::Path;
use std::time::Duration;

use super::{Distribution, Distributions, NEEDED, OPTIONAL};
use crate::program::Program;
use crate::{Error, Progress, paths};

/// The newest server that Debian's sources hold (bookworm's `kubernetes`; later releases package the client only).
const VERSION: &str = "1.20.2";
/// Grows with each change of the script that gives other binaries, so that an older build in the cache is not taken for it.
const RECIPE: u32 = 2;
const SCRIPT: &str = include_str!("build-debian.sh");
/// What the build needs beside what an instance needs anyway.
const BUILD_PACKAGES: &str = "golang-go, dpkg-dev and git";

pub(super) async fn add(all: &Distributions, name: &str, progress: &Progress) -> Result<Distribution, Error> {
    let built = all.cache.join("kubernetes").join(format!("debian-{VERSION}-r{RECIPE}"));
    if !complete(&built) {
        build(all, name, &built, progress).await?;
    }
    progress.tell(None, format!("adding Kubernetes {VERSION} from {}", built.display()), Some(1));
    all.install(name, &built, "Debian's source package").await
}

fn complete(folder: &Path) -> bool {
    NEEDED.into_iter().chain([OPTIONAL]).all(|program| folder.join(program).exists())
}

async fn build(all: &Distributions, name: &str, built: &Path, progress: &Progress) -> Result<(), Error> {
    progress.tell(None, format!("building Kubernetes {VERSION} from Debian's source package"), Some(8 * 60));
    let work = all.cache.join("build/kubernetes-debian");
    paths::create_dir(&work)?;
    let _one_builder = lock(&work).await?;
    if complete(built) {
        return Ok(());
    }
    let script = work.join("build-debian.sh");
    paths::replace(&script, SCRIPT)?;
    let run = Program::new("build Debian's Kubernetes", "sh").patience(Duration::from_secs(3 * 3600));
    run.args([&script, built, &work]).run().await.map(drop).map_err(|e| Error::Distribution {
        name: name.into(),
        problem: e.to_string(),
        mend: format!("check that {BUILD_PACKAGES} are installed and that apt reaches a Debian mirror, then run it again: it goes on where it stopped"),
    })
}

/// Two instances may ask at once; the second waits for the first's result.
async fn lock(work: &Path) -> Result<nix::fcntl::Flock<std::fs::File>, Error> {
    let path = work.join("lock");
    let mut file = std::fs::File::create(&path).map_err(|e| Error::io("open", &path, e))?;
    loop {
        match nix::fcntl::Flock::lock(file, nix::fcntl::FlockArg::LockExclusiveNonblock) {
            Ok(held) => return Ok(held),
            Err((back, nix::errno::Errno::EWOULDBLOCK)) => file = back,
            Err((_, e)) => return Err(Error::io("lock", &path, e.into())),
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
