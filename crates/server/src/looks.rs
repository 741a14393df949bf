//! Things of others that are looked at at intervals, and soon when somebody asks: repositories of charts, and of sources.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use nagaya_api::ObjectMeta;
use tokio::{sync::Notify, task::JoinSet, time::Instant};

/// Shortest time from the end of one look to the next, however often somebody asks.
const GAP: Duration = Duration::from_secs(2);

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who is to be looked at soon, and whose turn it is.
#[derive(Default)]
pub struct Asked {
    /// Those that somebody asked to have looked at since the last look began.
    names: Mutex<BTreeSet<String>>,
    wake: Notify,
    /// One look at each at a time.
    turns: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl Asked {
    /// Has one looked at soon. Asking again before that happened changes nothing.
    pub fn ask(&self, name: &str) {
        locked(&self.names).insert(name.to_owned());
        self.wake.notify_one();
    }

    /// Returns when somebody asked.
    pub async fn wait(&self) {
        self.wake.notified().await;
    }

    /// Held while one is looked at.
    pub fn turn(&self, name: &str) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(locked(&self.turns).entry(name.to_owned()).or_default())
    }

    fn is_asked(&self, name: &str) -> bool {
        locked(&self.names).contains(name)
    }

    fn begun(&self, name: &str) {
        locked(&self.names).remove(name);
    }

    fn retain(&self, kept: impl Fn(&str) -> bool) {
        locked(&self.turns).retain(|name, _| kept(name));
    }
}

/// A look that ended.
struct Last {
    at: Instant,
    uid: String,
    generation: i64,
}

/// When one is to be looked at; none: not at all for now.
fn due(meta: &ObjectMeta, interval: u32, last: Option<&Last>, asked: bool, now: Instant) -> Option<Instant> {
    if meta.deletion_timestamp.is_some() {
        return None;
    }
    let Some(last) = last.filter(|last| last.uid == meta.uid) else { return Some(now) };
    if asked || last.generation != meta.generation {
        return Some(last.at + GAP);
    }
    Some(last.at + Duration::from_secs(interval.into()))
}

/// The looks under way and those that were. One that does not answer holds up no other.
#[derive(Default)]
pub struct Looks {
    known: BTreeMap<String, Last>,
    running: BTreeSet<String>,
    tasks: JoinSet<(String, Last)>,
}

impl Looks {
    /// Forgets all but these.
    pub fn retain(&mut self, asked: &Asked, kept: impl Fn(&str) -> bool) {
        self.known.retain(|name, _| kept(name));
        asked.retain(kept);
    }

    /// Begins a look at one if it is due, at intervals of so many seconds; else returns when it will be.
    pub fn begin<F>(
        &mut self,
        meta: &ObjectMeta,
        interval: u32,
        asked: &Asked,
        now: Instant,
        look: impl FnOnce(String) -> F,
    ) -> Option<Instant>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let name = &meta.name;
        if self.running.contains(name) {
            return None;
        }
        let at = due(meta, interval, self.known.get(name), asked.is_asked(name), now)?;
        if at > now {
            return Some(at);
        }
        asked.begun(name);
        self.running.insert(name.clone());
        let (look, name) = (look(name.clone()), name.clone());
        let (uid, generation) = (meta.uid.clone(), meta.generation);
        self.tasks.spawn(async move {
            look.await;
            (name, Last { at: Instant::now(), uid, generation })
        });
        None
    }

    /// Waits until a look ends; for good while there is none.
    pub async fn ended(&mut self) {
        match self.tasks.join_next().await {
            None => std::future::pending().await,
            Some(Ok((name, last))) => {
                self.running.remove(&name);
                self.known.insert(name, last);
            }
            Some(Err(error)) => {
                // Which one is not known: each may be looked at again, one at a time in any case.
                tracing::error!(%error, "a look at what others keep broke");
                self.running.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_looked_at_at_once_then_at_intervals_and_soon_when_asked() {
        let now = Instant::now();
        let last = |uid: &str, generation| Last { at: now, uid: uid.into(), generation };
        let meta = ObjectMeta { name: "one".into(), uid: "u".into(), generation: 1, ..ObjectMeta::default() };
        let due = |last: Option<Last>, asked| due(&meta, 30, last.as_ref(), asked, now);
        assert_eq!(due(None, false), Some(now));
        assert_eq!(due(Some(last("u", 1)), false), Some(now + Duration::from_secs(30)));
        assert_eq!(due(Some(last("u", 1)), true), Some(now + GAP), "a flood of webhooks is one look");
        assert_eq!(due(Some(last("u", 0)), false), Some(now + GAP), "it was changed");
        assert_eq!(due(Some(last("other", 1)), false), Some(now), "it is another of that name");
    }

    #[tokio::test]
    async fn one_look_at_a_time_and_another_when_it_was_asked_for_meanwhile() {
        let (mut looks, asked) = (Looks::default(), Asked::default());
        let meta = ObjectMeta { name: "one".into(), uid: "u".into(), generation: 1, ..ObjectMeta::default() };
        let (go, gate) = tokio::sync::oneshot::channel::<()>();
        let now = Instant::now();
        assert_eq!(looks.begin(&meta, 60, &asked, now, |_| async { drop(gate.await) }), None);
        asked.ask("one");
        let never = |_: String| async { panic!("the first look is under way") };
        assert_eq!(looks.begin(&meta, 60, &asked, now + Duration::from_secs(99), never), None);
        drop(go);
        looks.ended().await;
        let at = looks.begin(&meta, 60, &asked, now, |_| async {});
        assert!(at.is_some_and(|at| at <= Instant::now() + GAP), "soon, since it was asked for");
    }
}
