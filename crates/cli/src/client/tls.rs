//! TLS to the server: the context's CA when it names one, else what the machine trusts.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::CliError;

/// The client side's TLS settings. There is no way to skip verification.
///
/// # Errors
/// When `authority` is not PEM with certificates.
pub(super) fn config(authority: &str) -> Result<ClientConfig, CliError> {
    let bad = |cause: String| {
        CliError::Usage(format!("the certificate authority of this context: {cause} (log in again)"))
    };
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| CliError::Other(error.to_string()))?;
    if authority.is_empty() {
        let builder = builder.with_platform_verifier().map_err(|error| CliError::Other(error.to_string()))?;
        return Ok(builder.with_no_client_auth());
    }
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(authority.as_bytes()) {
        let certificate = certificate.map_err(|error| bad(error.to_string()))?;
        roots.add(certificate).map_err(|error| bad(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(bad("holds no certificate".into()));
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
