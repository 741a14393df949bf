//! GET /<plural>

use axum::Json;
use nagaya_api::{ApiError, Kind, RawObject, selector::Selector};
use nagaya_store::Filter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ServerState,
    answer::Answer,
    authorisation::{Action, Caller, Resource},
    view::View,
};

/// Query of lists and watches.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ListQuery {
    /// Only objects whose labels match.
    pub label_selector: Option<String>,
    /// Only objects of this team.
    pub team: Option<String>,
    /// At most so many.
    pub limit: Option<usize>,
    /// Go on where a list with a limit ended.
    pub r#continue: Option<String>,
    /// Answer a stream of changes instead.
    pub watch: bool,
    /// With `watch`: changes after this revision.
    pub resource_version: Option<String>,
}

impl ListQuery {
    /// The label selector.
    ///
    /// # Errors
    /// 400 when it is none.
    pub fn selector(&self) -> Result<Selector, ApiError> {
        let text = self.label_selector.as_deref().unwrap_or_default();
        text.parse()
            .map_err(|error: nagaya_api::selector::NotASelector| ApiError::bad_request(error.to_string()))
    }

    /// The filter of the store.
    ///
    /// # Errors
    /// 400 when the label selector is none.
    pub fn filter(&self) -> Result<Filter, ApiError> {
        Ok(Filter {
            selector: self.selector()?,
            team: self.team.clone().filter(|team| !team.is_empty()),
            after: self.r#continue.clone(),
            limit: self.limit.filter(|limit| *limit > 0),
        })
    }
}

/// Revision and page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListMeta {
    /// The revision the list shows; a watch from it misses nothing.
    pub resource_version: String,
    /// Pass it as `continue` for more; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#continue: Option<String>,
}

/// Objects of one kind.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ObjectList {
    /// `nagaya.dev/v1alpha1`.
    pub api_version: &'static str,
    /// `<Kind>List`.
    pub kind: String,
    /// Revision and page.
    pub metadata: ListMeta,
    /// The objects, by name.
    pub items: Vec<RawObject>,
}

/// Lists the objects of a kind that the caller may see.
pub async fn list(
    state: &ServerState,
    caller: &Caller,
    kind: Kind,
    query: &ListQuery,
) -> Answer<Json<ObjectList>> {
    let judge = std::sync::Mutex::new(state.judge.of(&caller.person));
    let visible = |object: &RawObject| {
        let mut judge = judge.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        judge.may(Action::Get, Resource::object(object, &caller.people))
    };
    let list = state.store.list_raw(kind, &query.filter()?, visible).await?;
    let view = View::of(&caller.person);
    Ok(Json(ObjectList {
        api_version: nagaya_api::API_VERSION,
        kind: format!("{kind}List"),
        metadata: ListMeta { resource_version: list.revision.to_string(), r#continue: list.more_after },
        items: list.items.into_iter().map(|object| view.object(object)).collect(),
    }))
}
