//! Makes sure that there is a folder to embed: a server built before the console says so in words.

use std::{fs, path::Path};

fn main() {
    let dist = Path::new("../../console/dist");
    println!("cargo:rerun-if-changed=../../console/dist");
    if !dist.exists() {
        // Not an error when it fails: the embed below then says what is missing.
        let _ = fs::create_dir_all(dist);
    }
}
