//! What type or kind a value is of.

use super::{
    Function,
    Parameter::{Any, String as Text},
    arguments::{any, bytes},
    equal, fixed,
};

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("typeOf", &[Any], |_, a| Ok(any(a, 0).type_name().into())),
    fixed("kindOf", &[Any], |_, a| Ok(any(a, 0).kind().into())),
    fixed("typeIs", &[Text, Any], |_, a| Ok((bytes(a, 0) == any(a, 1).type_name().as_bytes()).into())),
    fixed("kindIs", &[Text, Any], |_, a| Ok((bytes(a, 0) == any(a, 1).kind().as_bytes()).into())),
    fixed("typeIsLike", &[Text, Any], |_, a| {
        let (target, name) = (bytes(a, 0), any(a, 1).type_name().as_bytes());
        Ok((target == name || name.strip_prefix(b"*") == Some(target)).into())
    }),
    fixed("deepEqual", &[Any, Any], |_, a| equal::deep_equal(any(a, 0), any(a, 1)).map(Into::into)),
];
