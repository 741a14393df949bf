//! --set
