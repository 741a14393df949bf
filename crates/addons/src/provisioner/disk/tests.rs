//! Homes for real: images, loop devices and mounts, below a temporary folder. They need root.
#![allow(clippy::unwrap_used)]

use std::os::unix::fs::MetadataExt;

use super::*;

const SIZE: Bytes = Bytes(64 << 20);

struct Scene {
    disk: Disk,
    folder: tempfile::TempDir,
}

impl Scene {
    /// `None` where this cannot be done: without root, or without loop devices.
    fn new() -> Option<Self> {
        if !nix::unistd::geteuid().is_root() || !Path::new("/dev/loop-control").exists() {
            eprintln!("not tried: this needs root and loop devices");
            return None;
        }
        // Mounts of its own: nobody who copies the host's namespace meanwhile holds them, and none outlives the test.
        nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWNS).unwrap();
        mount(None::<&str>, "/", None::<&str>, MsFlags::MS_REC | MsFlags::MS_PRIVATE, None::<&str>).unwrap();
        let folder = tempfile::tempdir().unwrap();
        Some(Self { disk: Disk::open(&folder.path().join("homes")).unwrap(), folder })
    }

    fn home(&self, name: &str) -> Option<Home> {
        self.disk.homes().unwrap().into_iter().find(|home| home.name == name)
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        for home in self.disk.homes().unwrap() {
            self.disk.unmount(&home.name, true).unwrap();
        }
    }
}

fn about(state: State) -> About {
    About {
        namespace: "java".into(),
        claim: "home-dev-01".into(),
        uid: "u1".into(),
        owner: Some("dev-01".into()),
        state,
        since: jiff::Timestamp::UNIX_EPOCH,
    }
}

fn make(disk: &Disk, name: &str) {
    disk.describe(name, &about(State::Used)).unwrap();
    disk.ensure_image(name, SIZE).unwrap();
    disk.mount(name).unwrap();
}

/// The loop devices over images below the scene's folder.
fn devices(scene: &Scene) -> usize {
    let below = scene.folder.path().to_str().unwrap().to_owned();
    let blocks = fs::read_dir("/sys/block").unwrap().filter_map(io::Result::ok);
    let files = blocks.filter_map(|block| fs::read_to_string(block.path().join("loop/backing_file")).ok());
    files.filter(|file| file.starts_with(&below)).count()
}

#[test]
fn a_home_is_made_used_unmounted_and_found_again() {
    let Some(scene) = Scene::new() else { return };
    let disk = &scene.disk;
    make(disk, "home-u1");
    let home = scene.home("home-u1").unwrap();
    assert_eq!((home.image, home.mounted, home.about), (Some(SIZE), true, about(State::Used)));
    let content = disk.content("home-u1");
    let owner = fs::metadata(&content).unwrap();
    assert_eq!((owner.uid(), owner.gid(), owner.mode() & 0o7777), (1000, 1000, 0o700));
    let options = fs::read_to_string("/proc/thread-self/mounts").unwrap();
    let line = options.lines().find(|line| line.contains(disk.point("home-u1").to_str().unwrap())).unwrap();
    assert!(
        line.contains("nosuid") && line.contains("nodev") && line.contains("errors=remount-ro"),
        "{line}"
    );
    let image = fs::metadata(disk.image("home-u1")).unwrap();
    assert!(image.blocks() * 512 < SIZE.0 / 8, "the image is not sparse");

    fs::write(content.join("diary"), "kept").unwrap();
    // Again, as after a kill: nothing is made anew.
    make(disk, "home-u1");
    disk.unmount("home-u1", false).unwrap();
    assert!(!content.exists(), "an unmounted home must be absent, not empty");
    assert_eq!(devices(&scene), 0, "a loop device was left");
    disk.mount("home-u1").unwrap();
    assert_eq!(fs::read_to_string(content.join("diary")).unwrap(), "kept");
    assert_eq!(devices(&scene), 1);
}

#[test]
fn a_kill_between_any_two_steps_is_only_a_pause() {
    let Some(scene) = Scene::new() else { return };
    let disk = &scene.disk;
    let folder = disk.folder("home-u1");
    disk.describe("home-u1", &about(State::Used)).unwrap();
    fs::write(folder.join("home.json.new"), "{").unwrap();
    // mkfs was cut short: half an image under its first name.
    fs::write(folder.join("disk.img.new"), [7; 5000]).unwrap();
    make(disk, "home-u1");
    assert!(!folder.join("disk.img.new").exists());
    // Between mount and content.
    fs::remove_dir(disk.content("home-u1")).unwrap();
    fs::create_dir(disk.point("home-u1").join(".home.new")).unwrap();
    make(disk, "home-u1");
    assert_eq!(fs::metadata(disk.content("home-u1")).unwrap().uid(), 1000);
}

#[test]
fn purging_removes_all_of_it_from_wherever_it_was_cut_short() {
    let Some(scene) = Scene::new() else { return };
    let disk = &scene.disk;
    make(disk, "home-u1");
    // Somebody is in it.
    let inside = File::open(disk.content("home-u1")).unwrap();
    assert!(disk.unmount("home-u1", false).is_err());
    disk.set_state("home-u1", State::Purging).unwrap();
    disk.unmount("home-u1", true).unwrap();
    drop(inside);
    fs::remove_file(disk.image("home-u1")).unwrap();
    assert_eq!(scene.home("home-u1").unwrap().about.state, State::Purging, "the next try must find it");
    disk.remove("home-u1").unwrap();
    disk.remove("home-u1").unwrap();
    assert!(scene.home("home-u1").is_none() && !disk.folder("home-u1").exists());
}

#[test]
fn removing_never_reaches_into_a_mount_or_what_does_not_belong_there() {
    let Some(scene) = Scene::new() else { return };
    let disk = &scene.disk;
    make(disk, "home-u1");
    fs::write(disk.content("home-u1").join("diary"), "kept").unwrap();
    let outside = disk.folder("home-u1").join("notes-of-the-operator");
    fs::write(&outside, "").unwrap();
    assert!(disk.remove("home-u1").is_err(), "it is still mounted");
    assert_eq!(fs::read_to_string(disk.content("home-u1").join("diary")).unwrap(), "kept");
    disk.unmount("home-u1", true).unwrap();
    assert!(disk.remove("home-u1").is_err());
    assert!(outside.exists());
}

#[test]
fn a_home_grows_while_it_is_used_and_while_it_is_not() {
    let Some(scene) = Scene::new() else { return };
    let disk = &scene.disk;
    make(disk, "home-u1");
    let capacity = || {
        let disk = nix::sys::statvfs::statvfs(&disk.content("home-u1")).unwrap();
        disk.blocks() * disk.fragment_size()
    };
    let first = capacity();
    disk.grow("home-u1", Bytes(128 << 20)).unwrap();
    let second = capacity();
    assert!(second > first + (48 << 20), "{first} {second}");
    disk.unmount("home-u1", false).unwrap();
    disk.ensure_image("home-u1", Bytes(256 << 20)).unwrap();
    disk.ensure_image("home-u1", SIZE).unwrap();
    disk.mount("home-u1").unwrap();
    assert!(capacity() > second + (96 << 20));
    assert_eq!(scene.home("home-u1").unwrap().image, Some(Bytes(256 << 20)));
}

#[test]
fn a_home_that_a_pod_still_holds_never_gets_a_second_device() {
    let Some(scene) = Scene::new() else { return };
    let disk = &scene.disk;
    make(disk, "home-u1");
    // As kubelet does for a pod.
    let pod = scene.folder.path().join("pod");
    fs::create_dir(&pod).unwrap();
    mount(Some(&disk.content("home-u1")), &pod, None::<&str>, MsFlags::MS_BIND, None::<&str>).unwrap();
    disk.unmount("home-u1", false).unwrap();
    assert_eq!(devices(&scene), 1);
    disk.mount("home-u1").unwrap();
    assert_eq!(devices(&scene), 1, "two devices over one image destroy it");
    fs::write(pod.join("diary"), "one").unwrap();
    assert_eq!(fs::read_to_string(disk.content("home-u1").join("diary")).unwrap(), "one");
    umount2(&pod, MntFlags::empty()).unwrap();
}

#[test]
fn a_home_that_is_full_stays_within_its_size() {
    let Some(scene) = Scene::new() else { return };
    make(&scene.disk, "home-u1");
    let mut file = File::create(scene.disk.content("home-u1").join("much")).unwrap();
    let outcome =
        std::iter::repeat_with(|| file.write_all(&[1; 1 << 20])).take(80).find(|written| written.is_err());
    assert_eq!(outcome.unwrap().unwrap_err().kind(), io::ErrorKind::StorageFull);
}

#[test]
fn one_provisioner_at_a_time_works_on_the_homes() {
    let Some(scene) = Scene::new() else { return };
    let first = scene.disk.lock().unwrap();
    assert!(first.is_some());
    assert!(scene.disk.lock().unwrap().is_none());
    drop(first);
    assert!(scene.disk.lock().unwrap().is_some());
}

#[test]
fn what_is_too_large_is_refused_in_words() {
    let Some(scene) = Scene::new() else { return };
    scene.disk.describe("home-u1", &about(State::Used)).unwrap();
    let error = scene.disk.ensure_image("home-u1", Bytes(1 << 60)).unwrap_err().to_string();
    assert!(error.contains("more than the whole disk"), "{error}");
    assert!(scene.home("home-u1").unwrap().image.is_none());
}

#[test]
fn a_home_whose_note_is_broken_is_left_alone() {
    let Some(scene) = Scene::new() else { return };
    make(&scene.disk, "home-u1");
    scene.disk.unmount("home-u1", false).unwrap();
    fs::write(scene.disk.folder("home-u1").join("home.json"), "{").unwrap();
    assert!(scene.disk.homes().unwrap().is_empty());
    assert!(scene.disk.image("home-u1").exists());
}
