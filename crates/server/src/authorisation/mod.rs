//! Who may do what: decided by the policies in `policies.cedar`, in one layer before the handlers.

mod directory;
mod judge;
mod layer;
mod resource;

pub use directory::{Directory, People, Person};
pub use judge::{Action, Judge};
pub use layer::{Caller, Found, Guard, Subject, guard};
pub use resource::Resource;
