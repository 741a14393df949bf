//! `nagaya image`: images of this instance for registries elsewhere.

use std::{
    fs::{self, File},
    io::{BufWriter, Read as _, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use nagaya_cli::terminal::{note, say};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{images::Images, settings::Settings};

/// Name of the agent's image: the one with this very program.
const AGENT: &str = "nagaya";
/// The annotation by which tools that load an archive name what is in it (OCI image layout).
const REF_NAME: &str = "org.opencontainers.image.ref.name";

/// `nagaya image`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    /// Write the agent's image as an OCI archive, for a registry that clusters elsewhere reach
    Export {
        /// Where to
        #[arg(short, long, value_name = "FILE", default_value = "agent.tar")]
        output: PathBuf,
    },
}

/// Runs `image`.
///
/// # Errors
/// When the image was not built here, or the file cannot be written.
pub fn run(args: Args, settings: &Settings) -> Result<()> {
    let Command::Export { output } = args.command;
    let images = Images::read(&settings.cache_dir)?;
    let Some(reference) = images.get(AGENT) else {
        bail!("the agent's image was not built on this host: `make up` builds it");
    };
    let (name, digest) = parse(reference)?;
    let store = settings.cache_dir.join("registry/docker/registry/v2/blobs");
    let dir = output.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let half = dir.join(format!(".nagaya-export.{}", std::process::id()));
    let written = write(&store, &name, &digest, &half).and_then(|()| {
        fs::rename(&half, &output).with_context(|| format!("cannot write {}", output.display()))
    });
    if written.is_err() {
        let _ = fs::remove_file(&half);
    }
    written?;
    say(&output.display().to_string());
    note(&format!(
        "push it where the clusters pull from, for instance: skopeo copy oci-archive:{} docker://registry.example.com/{name}; then give that as --agent-image",
        output.display()
    ));
    Ok(())
}

/// `nagaya:TAG` and the digest of a reference as `images.env` has it.
fn parse(reference: &str) -> Result<(String, String)> {
    let parts = reference.split_once("@sha256:").and_then(|(name, digest)| {
        let name = name.rsplit_once('/').map_or(name, |(_, name)| name);
        digest.bytes().all(|b| b.is_ascii_hexdigit()).then(|| (name.to_owned(), digest.to_owned()))
    });
    match parts {
        Some((name, digest)) if digest.len() == 64 => Ok((name, digest)),
        _ => bail!(
            "images.env names the agent's image without its digest ({reference}): `make up` writes it anew"
        ),
    }
}

/// An OCI image layout (<https://github.com/opencontainers/image-spec/blob/main/image-layout.md>) in a tar.
fn write(store: &Path, name: &str, digest: &str, to: &Path) -> Result<()> {
    let file = File::create(to).with_context(|| format!("cannot write {}", to.display()))?;
    let mut tar = Tar(BufWriter::new(file));
    let manifest_bytes = blob(store, digest)?;
    let manifest: Value =
        serde_json::from_slice(&manifest_bytes).context("the image's manifest does not read")?;
    let parts =
        std::iter::once(&manifest["config"]).chain(manifest["layers"].as_array().into_iter().flatten());
    let mut digests = vec![digest.to_owned()];
    for part in parts {
        let digest = part["digest"].as_str().and_then(|text| text.strip_prefix("sha256:"));
        let digest = digest.context("the image's manifest names a part without a sha256")?;
        if !digests.iter().any(|known| known == digest) {
            digests.push(digest.to_owned());
        }
    }
    let index = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [{
            "mediaType": manifest["mediaType"].as_str().unwrap_or("application/vnd.oci.image.manifest.v1+json"),
            "digest": format!("sha256:{digest}"),
            "size": manifest_bytes.len(),
            "annotations": { REF_NAME: name },
        }],
    });
    tar.file("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#)?;
    tar.file("index.json", index.to_string().as_bytes())?;
    for digest in &digests {
        tar.file(&format!("blobs/sha256/{digest}"), &blob(store, digest)?)?;
    }
    tar.end()
}

/// A blob of the registry's storage, which is what its name says it is.
fn blob(store: &Path, digest: &str) -> Result<Vec<u8>> {
    let folder = digest.get(..2).context("a digest is too short")?;
    let path = store.join("sha256").join(folder).join(digest).join("data");
    let mut bytes = Vec::new();
    File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes)).with_context(|| {
        format!(
            "a part of the agent's image is not in the registry of this host ({}): `make up` builds it",
            path.display()
        )
    })?;
    let found: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if found != digest {
        bail!("{} is damaged: remove it and run `make up`", path.display());
    }
    Ok(bytes)
}

/// A tar of plain files (POSIX ustar), the same bytes for the same content.
struct Tar<W: Write>(W);

impl<W: Write> Tar<W> {
    fn file(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let mut header = [0_u8; 512];
        let mut put = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
        put(0, name);
        put(100, "0000644\0");
        put(108, "0000000\0");
        put(116, "0000000\0");
        put(124, &format!("{:011o}\0", bytes.len()));
        put(136, "00000000000\0");
        // The checksum counts as spaces while it is made.
        put(148, "        ");
        put(156, "0");
        put(257, "ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        self.0.write_all(&header)?;
        self.0.write_all(bytes)?;
        self.0.write_all(&[0; 512][..(512 - bytes.len() % 512) % 512])?;
        Ok(())
    }

    fn end(mut self) -> Result<()> {
        self.0.write_all(&[0; 1024])?;
        self.0.flush()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn put(store: &Path, bytes: &[u8]) -> String {
        let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let dir = store.join("sha256").join(&digest[..2]).join(&digest);
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("data"), bytes).unwrap();
        digest
    }

    #[test]
    fn an_archive_holds_the_whole_image_as_other_programs_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let (config, layer) = (put(dir.path(), b"{}"), put(dir.path(), &[7; 700]));
        let manifest = json!({"config": {"digest": format!("sha256:{config}")}, "layers": [{"digest": format!("sha256:{layer}")}]});
        let digest = put(dir.path(), manifest.to_string().as_bytes());
        let to = dir.path().join("agent.tar");
        write(dir.path(), "nagaya:1", &digest, &to).unwrap();
        // Read by tar itself, not by what wrote it.
        let tar = |arguments: &[&str]| {
            let output =
                std::process::Command::new("tar").args(arguments).arg("-f").arg(&to).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        let wanted: Vec<String> = ["oci-layout", "index.json"]
            .map(str::to_owned)
            .into_iter()
            .chain([&digest, &config, &layer].map(|digest| format!("blobs/sha256/{digest}")))
            .collect();
        assert_eq!(tar(&["-t"]).lines().collect::<Vec<_>>(), wanted);
        let out = dir.path().join("out");
        fs::create_dir(&out).unwrap();
        tar(&["-x", "-C", out.to_str().unwrap()]);
        assert_eq!(fs::read(out.join(format!("blobs/sha256/{layer}"))).unwrap(), [7; 700]);
        let index: Value = serde_json::from_slice(&fs::read(out.join("index.json")).unwrap()).unwrap();
        assert_eq!(index["manifests"][0]["digest"], format!("sha256:{digest}"));
        assert_eq!(index["manifests"][0]["annotations"][REF_NAME], "nagaya:1");
    }

    #[test]
    fn a_part_that_is_damaged_or_missing_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let digest = put(dir.path(), b"good");
        let path = dir.path().join("sha256").join(&digest[..2]).join(&digest).join("data");
        fs::write(&path, b"bad").unwrap();
        assert!(blob(dir.path(), &digest).unwrap_err().to_string().contains("damaged"));
        fs::remove_file(&path).unwrap();
        assert!(blob(dir.path(), &digest).unwrap_err().to_string().contains("make up"));
    }

    #[test]
    fn a_reference_gives_name_and_digest() {
        let digest = "a".repeat(64);
        let parsed = parse(&format!("registry.nagaya.internal/nagaya:1@sha256:{digest}")).unwrap();
        assert_eq!(parsed, ("nagaya:1".to_owned(), digest));
        for bad in ["registry/nagaya:1", "registry/nagaya:1@sha256:../../x"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
