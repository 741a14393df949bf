//! The relay's Secret as Kubernetes mounts it.
//!
//! Kubernetes updates a mounted Secret by writing a new directory and swapping the symlink `..data` to it. The three
//! files are therefore read from one resolved directory: read through the symlink each, a rotation between two of
//! them would pair a new certificate with an old key. They are read at each handshake, so that a rotation needs
//! neither a restart nor a signal, and no file watch that could miss it.

use std::io;
use std::path::{Path, PathBuf};

use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The parsed content of the Secret.
#[derive(Debug)]
pub struct Secret {
    /// `tls.crt`: the relay's certificate, with intermediates if there are any.
    pub certificates: Vec<CertificateDer<'static>>,
    /// `tls.key`.
    pub key: PrivateKeyDer<'static>,
    /// `ca.crt`: all authorities trusted now; two while the authority is rotated.
    pub authorities: Vec<CertificateDer<'static>>,
}

/// Why the Secret cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// A file or the directory cannot be read.
    #[error("cannot read {path}: {source}; is the Secret mounted there?")]
    Read {
        /// What was read.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A file is not PEM.
    #[error("{path} is not PEM: {source}; it must hold what its name says")]
    Pem {
        /// The file.
        path: PathBuf,
        /// What the parser met.
        source: pem::Error,
    },
    /// A file holds no certificate.
    #[error("{path} holds no certificate")]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

/// A swap removes the directory just resolved, so reading may fail once for each swap: three in a row are no rotation.
const ATTEMPTS: u32 = 3;

/// Reads the Secret mounted at `dir`.
///
/// # Errors
/// Names the file that cannot be read or parsed.
pub fn read(dir: &Path) -> Result<Secret, SecretError> {
    let mut attempt = 1;
    loop {
        match read_resolved(&resolve(dir)?) {
            Err(SecretError::Read { source, .. })
                if source.kind() == io::ErrorKind::NotFound && attempt < ATTEMPTS =>
            {
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

/// The directory that `..data` names now; `dir` itself where nothing is swapped (a plain directory, in tests and by hand).
fn resolve(dir: &Path) -> Result<PathBuf, SecretError> {
    let data = dir.join("..data");
    match data.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(dir.to_owned()),
        Err(source) => Err(SecretError::Read { path: data, source }),
        Ok(resolved) => Ok(resolved),
    }
}

fn read_resolved(dir: &Path) -> Result<Secret, SecretError> {
    let key_path = dir.join("tls.key");
    let key = PrivateKeyDer::from_pem_slice(&bytes(&key_path)?)
        .map_err(|source| SecretError::Pem { path: key_path, source })?;
    Ok(Secret {
        certificates: certificates(dir.join("tls.crt"))?,
        key,
        authorities: certificates(dir.join("ca.crt"))?,
    })
}

fn certificates(path: PathBuf) -> Result<Vec<CertificateDer<'static>>, SecretError> {
    let content = bytes(&path)?;
    match CertificateDer::pem_slice_iter(&content).collect::<Result<Vec<_>, _>>() {
        Err(source) => Err(SecretError::Pem { path, source }),
        Ok(found) if found.is_empty() => Err(SecretError::Empty { path }),
        Ok(found) => Ok(found),
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, SecretError> {
    // Blocking on purpose: three small files on tmpfs; a thread pool for them would cost more than it saves.
    std::fs::read(path).map_err(|source| SecretError::Read { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::symlink;

    fn write_generation(dir: &Path, certificate: &rcgen::CertifiedKey<rcgen::KeyPair>) {
        std::fs::create_dir_all(dir).unwrap();
        std::fs::write(dir.join("tls.crt"), certificate.cert.pem()).unwrap();
        std::fs::write(dir.join("tls.key"), certificate.signing_key.serialize_pem()).unwrap();
        std::fs::write(dir.join("ca.crt"), certificate.cert.pem()).unwrap();
    }

    #[test]
    fn certificate_and_key_come_from_one_generation_while_the_secret_is_swapped() {
        let root = tempfile::tempdir().unwrap();
        let generations: Vec<_> =
            (0..2).map(|_| rcgen::generate_simple_self_signed(vec!["relay".into()]).unwrap()).collect();
        for (number, certificate) in generations.iter().enumerate() {
            write_generation(&root.path().join(format!("..{number}")), certificate);
        }
        symlink("..0", root.path().join("..data")).unwrap();
        let path = root.path().to_owned();
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        let swapper = std::thread::spawn(move || {
            let mut number = 0;
            while stopped.try_recv().is_err() {
                number = 1 - number;
                symlink(format!("..{number}"), path.join("..data_tmp")).unwrap();
                std::fs::rename(path.join("..data_tmp"), path.join("..data")).unwrap();
            }
        });
        for _ in 0..2000 {
            let secret = read(root.path()).unwrap();
            let generation =
                generations.iter().find(|one| one.cert.der() == &secret.certificates[0]).unwrap();
            assert_eq!(
                secret.key.secret_der(),
                generation.signing_key.serialized_der(),
                "key of another generation"
            );
            assert_eq!(secret.authorities[0], secret.certificates[0]);
        }
        stop.send(()).unwrap();
        swapper.join().unwrap();
    }

    #[test]
    fn a_missing_or_broken_file_is_named() {
        let root = tempfile::tempdir().unwrap();
        assert!(read(root.path()).unwrap_err().to_string().contains("tls.key"));
        write_generation(root.path(), &rcgen::generate_simple_self_signed(vec!["relay".into()]).unwrap());
        assert!(read(root.path()).is_ok());
        std::fs::write(root.path().join("ca.crt"), "nothing").unwrap();
        assert!(matches!(read(root.path()), Err(SecretError::Empty { path }) if path.ends_with("ca.crt")));
    }
}
