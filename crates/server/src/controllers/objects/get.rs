//! GET /<plural>/{name}

use axum::Json;
use nagaya_api::RawObject;

use crate::{
    authorisation::{Caller, Found},
    view::View,
};

/// Shows an object.
pub fn get(caller: &Caller, found: &Found) -> Json<RawObject> {
    Json(View::of(&caller.person).object((*found.0).clone()))
}
