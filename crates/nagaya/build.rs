//! How the program is linked.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // Three megabytes of relocations become some tens of kilobytes: every process of Nagaya reads them all when it begins, and an
    // agent sits in every cluster. glibc 2.36, which Debian 12 has, understands them.
    if std::env::var("CARGO_CFG_TARGET_ENV").as_deref() == Ok("gnu") {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
