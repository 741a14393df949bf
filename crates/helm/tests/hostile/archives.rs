//! Archives that nobody means well with.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use tar::{Builder, EntryType, Header};

const CHART: &str = "apiVersion: v2\nname: hostile\nversion: 0.1.0\n";

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// An entry's header whose name is taken as it is: the library would refuse what is tried here.
fn header(name: &str, kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header
}

fn archive(fill: impl FnOnce(&mut Builder<GzEncoder<Vec<u8>>>)) -> Vec<u8> {
    let mut tar = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    tar.append(&header("hostile/Chart.yaml", EntryType::Regular, CHART.len() as u64), CHART.as_bytes())
        .unwrap();
    fill(&mut tar);
    tar.into_inner().unwrap().finish().unwrap()
}

/// One more entry with this name, of this kind.
fn with(name: &str, kind: EntryType, data: &[u8]) -> Vec<u8> {
    archive(|tar| tar.append(&header(name, kind, data.len() as u64), data).unwrap())
}

fn link(name: &str, kind: EntryType, target: &str) -> Vec<u8> {
    archive(|tar| {
        let mut header = header(name, kind, 0);
        header.set_link_name_literal(target).unwrap();
        header.set_cksum();
        tar.append(&header, &[][..]).unwrap();
    })
}

/// So many mebibytes of zeros: gzip members of one each, one like the other, for to pack them takes long.
fn zeros(name: &str, mebibytes: usize) -> Vec<u8> {
    let mut chart = header("hostile/Chart.yaml", EntryType::Regular, CHART.len() as u64).as_bytes().to_vec();
    chart.extend_from_slice(CHART.as_bytes());
    chart.resize(1024, 0);
    chart.extend_from_slice(header(name, EntryType::Regular, (mebibytes as u64) << 20).as_bytes());
    let mebibyte = gzip(&vec![0; 1 << 20]);
    [gzip(&chart), mebibyte.repeat(mebibytes), gzip(&[0; 1024])].concat()
}

/// Charts in archives in charts in archives…
fn nested(depth: usize) -> Vec<u8> {
    (0..depth).fold(archive(|_| {}), |inner, _| with("hostile/charts/inner.tgz", EntryType::Regular, &inner))
}

/// Each by the name of its fault. All must be refused.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    let mut cut = archive(|_| {});
    cut.truncate(cut.len() / 2);
    vec![
        ("one file of a gigabyte of zeros", zeros("hostile/templates/a.yaml", 1024)),
        ("a gigabyte of zeros beside the chart", zeros("elsewhere/zeros", 1024)),
        (
            "many files that are too much together",
            archive(|tar| {
                for number in 0..64 {
                    let name = format!("hostile/files/{number}");
                    tar.append(
                        &header(&name, EntryType::Regular, 4 << 20),
                        std::io::Read::take(std::io::repeat(0), 4 << 20),
                    )
                    .unwrap();
                }
            }),
        ),
        (
            "two hundred thousand empty files",
            archive(|tar| {
                for number in 0..200_000 {
                    tar.append(&header(&format!("hostile/f{number}"), EntryType::Regular, 0), &[][..])
                        .unwrap();
                }
            }),
        ),
        (
            "a bomb in a subchart's archive",
            with("hostile/charts/inner.tgz", EntryType::Regular, &zeros("hostile/zeros", 1024)),
        ),
        ("archives in archives", nested(64)),
        ("a path that leaves from within", with("hostile/../../outside", EntryType::Regular, b"x")),
        ("an absolute path", with("/etc/nagaya-hostile", EntryType::Regular, b"x")),
        ("a path of Windows", with("hostile\\..\\..\\outside", EntryType::Regular, b"x")),
        ("a drive of Windows within", with("hostile/c:/hostile", EntryType::Regular, b"x")),
        ("half an archive", cut),
        ("bytes that are no archive", b"not an archive at all".to_vec()),
        (
            "gzip of what is no tar",
            gzip(b"not a tar, but long enough to be read as one if nobody looks closely at its header......"),
        ),
        ("nothing", Vec::new()),
        (
            "a size that is not there",
            gzip(header("hostile/Chart.yaml", EntryType::Regular, u64::MAX >> 2).as_bytes()),
        ),
        ("a name of a megabyte", with("././@LongLink", EntryType::GNULongName, &vec![b'a'; 1 << 20])),
        ("an attribute of eight megabytes", with("pax", EntryType::XHeader, &vec![b'1'; 8 << 20])),
    ]
}

/// The first part of a path is the chart's own folder, whatever it is called: it is dropped, as by Helm, and what is
/// left leads nowhere. By the name of its fault, and the name by which its file stands in the chart.
pub fn accepted() -> Vec<(&'static str, (Vec<u8>, &'static str))> {
    vec![
        ("a path that leaves", (with("../outside/a", EntryType::Regular, b"x"), "outside/a")),
        ("a gzip of several members", (zeros("hostile/zeros", 1), "zeros")),
        ("a drive of Windows", (with("c:/hostile", EntryType::Regular, b"x"), "hostile")),
    ]
}

/// Entries that are no files: whatever becomes of them, nothing outside the archive may be read. Their chart shows the
/// file they point to.
pub fn links() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("a symbolic link", link("hostile/secret", EntryType::Symlink, "/etc/passwd")),
        ("a hard link", link("hostile/secret", EntryType::Link, "/etc/passwd")),
        ("a device", link("hostile/secret", EntryType::Char, "")),
        ("a pipe", link("hostile/secret", EntryType::Fifo, "")),
        (
            "a link and a file through it",
            archive(|tar| {
                let mut way = header("hostile/way", EntryType::Symlink, 0);
                way.set_link_name_literal("/tmp").unwrap();
                way.set_cksum();
                tar.append(&way, &[][..]).unwrap();
                tar.append(&header("hostile/way/nagaya-hostile-escaped", EntryType::Regular, 1), &b"x"[..])
                    .unwrap();
            }),
        ),
    ]
}
