//! Charts that were previewed lately, parsed.
//!
//! A parsed chart may not leave its thread, so each has one, which renders what it is given and waits for more. Who finds
//! it at work does not wait: another takes its place, and the busy one ends when it is done.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    time::Duration,
};

use nagaya_helm::{
    chart::{Limits, load_archive},
    render::Parsed,
    template::spawn_with_stack,
};
use tokio::sync::oneshot;

use super::render::{self, Job, Outcome};

/// How many are kept.
const MOST: usize = 8;
/// How many bytes one of them may have, unpacked. A larger one is read each time.
const LARGEST: usize = 16 << 20;
/// How long one is kept that nobody asks for.
const IDLE: Duration = Duration::from_secs(600);

/// A job, and where its outcome goes.
type Order = (Arc<Job>, oneshot::Sender<Outcome>);

struct Thread {
    /// Its chart's digest.
    digest: String,
    orders: SyncSender<Order>,
    /// Whether it waits for an order.
    idle: Arc<AtomicBool>,
}

/// The threads, those asked last in front.
#[derive(Default)]
pub struct Charts(Mutex<VecDeque<Thread>>);

impl Charts {
    /// Renders a chart, which is loaded and parsed unless that was done lately.
    pub async fn render(&self, job: Job) -> Outcome {
        let job = Arc::new(job);
        let (answer, outcome) = oneshot::channel();
        if let Some(answer) = self.hand_over((Arc::clone(&job), answer))
            && let Err(error) = self.start((Arc::clone(&job), answer))
        {
            return render::failed(format!("there is no thread to render on: {error}"));
        }
        if let Ok(outcome) = outcome.await {
            return outcome;
        }
        // The thread had waited long enough and ended in this moment, or it broke: then the next one breaks, too.
        let (answer, outcome) = oneshot::channel();
        match self.start((job, answer)) {
            Ok(()) => outcome.await.unwrap_or_else(|_| render::failed("rendering this chart broke".into())),
            Err(error) => render::failed(format!("there is no thread to render on: {error}")),
        }
    }

    /// Gives the order to the thread that has its chart; without one that is free the answer comes back.
    fn hand_over(&self, (job, answer): Order) -> Option<oneshot::Sender<Outcome>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().position(|one| one.digest == job.digest).and_then(|at| all.remove(at));
        let Some(thread) = found.filter(|thread| thread.idle.swap(false, Ordering::AcqRel)) else {
            return Some(answer);
        };
        match thread.orders.try_send((job, answer)) {
            Ok(()) => {
                all.push_front(thread);
                None
            }
            Err(TrySendError::Full((_, answer)) | TrySendError::Disconnected((_, answer))) => Some(answer),
        }
    }

    /// Starts a thread for the order, and forgets those asked longest ago.
    fn start(&self, order: Order) -> std::io::Result<()> {
        let (orders, more) = sync_channel(1);
        let idle = Arc::new(AtomicBool::new(false));
        let thread = Thread { digest: order.0.digest.clone(), orders, idle: Arc::clone(&idle) };
        spawn_with_stack(move || serve(order, &more, &idle))?;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|other| other.digest != thread.digest);
        all.push_front(thread);
        all.truncate(MOST);
        Ok(())
    }
}

/// Renders one order after the other, until nobody gives any.
fn serve((job, answer): Order, more: &Receiver<Order>, idle: &AtomicBool) {
    let chart = match load_archive(&job.archive, &Limits::default()) {
        Ok(chart) => chart,
        Err(error) => {
            let _gone = answer.send(render::failed(error.to_string()));
            return;
        }
    };
    let is_large = chart.bytes() > LARGEST;
    let parsed = Parsed::new(chart);
    let mut order = Some((job, answer));
    while let Some((job, answer)) = order {
        let outcome = render::run(&job, &parsed);
        drop(job);
        idle.store(!is_large, Ordering::Release);
        // Who asked may have gone.
        let _gone = answer.send(outcome);
        if is_large {
            return;
        }
        order = more.recv_timeout(IDLE).ok();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use nagaya_api::{Release, catalogue::Preview};
    use serde_json::json;

    use super::*;

    fn archive(template: &str) -> Vec<u8> {
        let encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let mut archive = tar::Builder::new(encoder);
        for (name, text) in [
            ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
            ("c/values.yaml", "list: {}\n"),
            ("c/templates/a.yaml", template),
        ] {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            archive.append_data(&mut header, name, text.as_bytes()).unwrap();
        }
        archive.into_inner().unwrap().finish().unwrap()
    }

    fn job(digest: &str, archive: Vec<u8>, values: serde_json::Value) -> Job {
        let spec = json!({"repository": "r", "chart": "c", "namespace": "java", "cluster": "java"});
        Job {
            digest: digest.into(),
            archive,
            release: Release::new("ci", serde_json::from_value(spec).unwrap()),
            values: values.as_object().cloned().unwrap(),
            kubernetes: String::new(),
            offer: Arc::default(),
            way: None,
            installed: false,
            now: jiff::Timestamp::UNIX_EPOCH,
            handle: tokio::runtime::Handle::current(),
        }
    }

    fn shown(outcome: Outcome) -> (String, Option<String>) {
        let mut preview = Preview::default();
        render::put(&mut preview, outcome);
        let text = preview.documents.first().map(|one| one.text.clone()).unwrap_or_default();
        (text, preview.error.map(|error| error.message))
    }

    #[tokio::test]
    async fn a_chart_is_read_once_and_remembers_nothing_of_those_who_asked() {
        let charts = Charts::default();
        let template = "{{ $_ := set .Values.list (default \"x\" .Values.key) .Values.list }}a: {{ keys .Values.list | join \",\" }}";
        let first = charts.render(job("d", archive(template), json!({"key": "mine"}))).await;
        assert_eq!(shown(first), ("a: mine".into(), None));
        // Without its archive it can only come from what is kept.
        let second = shown(charts.render(job("d", Vec::new(), json!({}))).await);
        assert_eq!(second, ("a: x".into(), None));
    }

    #[tokio::test]
    async fn those_asked_longest_ago_are_forgotten() {
        let charts = Charts::default();
        for number in 0..=MOST {
            charts.render(job(&number.to_string(), archive("a: 1"), json!({}))).await;
        }
        let kept: Vec<_> = charts.0.lock().unwrap().iter().map(|thread| thread.digest.clone()).collect();
        let wanted: Vec<_> = (1..=MOST).rev().map(|number| number.to_string()).collect();
        assert_eq!(kept, wanted);
    }

    #[tokio::test]
    async fn what_is_no_chart_is_told() {
        let charts = Charts::default();
        let (_, error) = shown(charts.render(job("d", b"nonsense".to_vec(), json!({}))).await);
        assert!(error.unwrap().contains("gzipped"));
    }
}
