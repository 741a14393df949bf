//! Making the cluster what the intent says, and keeping it so.
//!
//! [`plan`] decides, [`act`] does, [`observe`] watches; [`memory`] joins what was done with what was seen, and
//! [`engine`] turns the wheel. [`ignore`] knows which fields are others', [`ready`] what is not only there but works.

pub mod act;
pub mod desired;
pub mod engine;
pub mod fields;
pub mod ignore;
pub mod key;
#[cfg(test)]
pub mod kubernetes_in_memory;
pub mod memory;
pub mod observe;
pub mod plan;
pub mod ready;
pub mod resolve;
