//! The shell around the model: one task takes events in and has actions carried out.

mod load;
mod run;

use std::{path::PathBuf, sync::Arc};

use nagaya_store::Store;
use nagaya_tunnel::Hub;
use tokio::sync::{mpsc, oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    act::{AgentUpdates, Writes, write},
    error::ControlError,
    intent::IntentSettings,
    model::Figures,
    provider::ClusterProvider,
    trust::{Admitted, Ca},
};

/// What the reconcilers are told at their start.
#[derive(Clone, Debug)]
pub struct ControlSettings {
    /// What goes into intents.
    pub intents: IntentSettings,
    /// What has agents of another version replaced; none: they stay as they are.
    pub updates: Option<Arc<dyn AgentUpdates>>,
    /// Where archives of charts are, by their SHA-256: `<digest>.tgz`; none: there are none.
    pub charts: Option<PathBuf>,
}

/// All that the reconcilers work with.
pub struct Control {
    /// The objects.
    pub store: Store,
    /// The agents.
    pub hub: Hub,
    /// The internal certificate authority.
    pub ca: Ca,
    /// The clusters whose agents may connect; kept up to date from here.
    pub admitted: Admitted,
    /// What makes clusters.
    pub provider: Arc<dyn ClusterProvider>,
    /// Settings.
    pub settings: ControlSettings,
}

/// The reconcilers at work.
#[derive(Debug)]
pub struct ControlHandle {
    tasks: TaskTracker,
    census: Census,
}

/// Asks the reconcilers for their figures. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Census(mpsc::Sender<oneshot::Sender<Figures>>);

impl Census {
    /// What is counted now; none when the reconcilers have ended.
    pub async fn figures(&self) -> Option<Figures> {
        let (answer, figures) = oneshot::channel();
        self.0.send(answer).await.ok()?;
        figures.await.ok()
    }
}

impl ControlHandle {
    /// Asks for figures.
    pub fn census(&self) -> Census {
        self.census.clone()
    }

    /// Waits until all has ended, which it does after the token given to [`Control::start`] is cancelled.
    pub async fn join(self) {
        self.tasks.wait().await;
    }
}

impl Control {
    /// Reads the store and begins. The reconcilers go on until `cancel`.
    ///
    /// # Errors
    /// When the store cannot be read at the beginning; what fails later is tried again.
    pub async fn start(self, cancel: CancellationToken) -> Result<ControlHandle, ControlError> {
        let tasks = TaskTracker::new();
        let writes = Writes::default();
        let (census, asked) = mpsc::channel(1);
        let brain = run::Brain::new(self, writes.clone(), tasks.clone(), cancel.clone(), asked).await?;
        let store = brain.store();
        // What was decided last is still written: the writer ends after the one who decides.
        let decided = CancellationToken::new();
        let over = decided.clone();
        tasks.spawn(async move {
            let _over = over.drop_guard();
            brain.run().await;
        });
        tasks.spawn(write(store, writes, decided));
        tasks.close();
        Ok(ControlHandle { tasks, census: Census(census) })
    }
}
