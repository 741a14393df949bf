//! What of an object a person is shown.

use nagaya_api::{Kind, RawObject};
use serde_json::{Map, Value};

use crate::authorisation::Person;

/// How one person sees objects.
#[derive(Clone, Copy, Debug)]
pub struct View {
    whole: bool,
}

/// What of a cluster's status says how it is, without saying what it is made of.
const CLUSTER_HEALTH: [&str; 5] = ["phase", "reason", "message", "since", "kubernetesVersion"];

impl View {
    /// The view of a person.
    pub fn of(person: &Person) -> Self {
        Self { whole: person.admin }
    }

    /// The object as the person sees it: of a cluster, those who do not run it see name and health; of a repository, not who else may install from it.
    pub fn object(self, mut object: RawObject) -> RawObject {
        if self.whole {
            return object;
        }
        if object.kind == Kind::Repository {
            // Which other team may install what is not theirs to know.
            object.metadata.annotations.clear();
            object.metadata.managed_fields.clear();
            object.spec = keep(&object.spec, &["url", "charts", "intervalSeconds"]);
        }
        if object.kind != Kind::Cluster {
            return object;
        }
        object.metadata.annotations.clear();
        object.metadata.managed_fields.clear();
        object.spec = keep(&object.spec, &["provider"]);
        object.status = keep(&object.status, &CLUSTER_HEALTH);
        object
    }
}

fn keep(value: &Value, fields: &[&str]) -> Value {
    let kept = fields.iter().filter_map(|field| Some(((*field).to_owned(), value.get(*field)?.clone())));
    Value::Object(kept.collect::<Map<_, _>>())
}
