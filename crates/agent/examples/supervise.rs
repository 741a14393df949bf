//! The supervisor of the cluster that this crate's tests make: the provider calls it as
//! `supervise supervise --cluster-dir DIR` or `--hub-dir DIR`.

use std::path::Path;

use nagaya_local::{supervise, supervise_hub};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["supervise", "--hub-dir", dir] => Ok(supervise_hub(Path::new(dir)).await?),
        ["supervise", "--cluster-dir", dir] => Ok(supervise(Path::new(dir)).await?),
        _ => Err("this is for tests only".into()),
    }
}
