//! `.Files`.

use std::{any::Any, collections::BTreeMap, rc::Rc};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::capabilities::field;
use crate::{
    chart::{File, glob::Pattern},
    value::{Element, IntKind, Map, Object, Str, Value},
    yaml,
};

/// A chart's files that are no templates.
pub(super) struct Files(BTreeMap<Str, Str>);

impl Files {
    pub(super) fn of(files: &[File]) -> Value {
        Value::Object(Rc::new(Self(
            files.iter().map(|file| (file.name.clone(), file.data.clone())).collect(),
        )))
    }

    /// By the last part of their names, as YAML.
    fn as_yaml(&self, content: impl Fn(&Str) -> Value) -> Value {
        let base = |name: &Str| match name.as_bytes().rsplit(|byte| *byte == b'/').next() {
            Some(base) => Str::from(base),
            None => name.clone(),
        };
        let map: Map = self.0.iter().map(|(name, data)| (base(name), content(data))).collect();
        let text = yaml::emit(&Value::Map(map));
        Value::string(text.strip_suffix('\n').unwrap_or(&text))
    }

    fn method(&self, name: &str, argument: &Str) -> Value {
        match name {
            "Get" => Value::String(self.0.get(argument).cloned().unwrap_or_default()),
            "GetBytes" => bytes(self.0.get(argument).map(Str::as_bytes).unwrap_or_default()),
            "Glob" => {
                let pattern = Pattern::of_files(&argument.to_text());
                let fits = self.0.iter().filter(|(name, _)| pattern.matches(&name.to_text()));
                Value::Object(Rc::new(Self(fits.map(|(name, data)| (name.clone(), data.clone())).collect())))
            }
            _ => {
                let data = self.0.get(argument).map(Str::as_bytes).unwrap_or_default();
                if data.is_empty() {
                    return Value::strings(Vec::<Str>::new());
                }
                let data = data.strip_suffix(b"\n").unwrap_or(data);
                Value::strings(data.split(|byte| *byte == b'\n'))
            }
        }
    }
}

fn bytes(data: &[u8]) -> Value {
    let values = data.iter().map(|byte| Value::Int(i64::from(*byte), IntKind::Uint8)).collect();
    Value::List(Rc::new(values), Element::Byte)
}

impl Object for Files {
    fn type_name(&self) -> &'static str {
        "engine.files"
    }

    fn kind(&self) -> &'static str {
        "map"
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        match name {
            "Get" | "GetBytes" | "Glob" | "Lines" => Some(match arguments {
                [Value::String(argument)] => Ok(self.method(name, argument)),
                [other] => Err(format!("wrong type for value; expected string; got {}", other.type_name())),
                _ => Err(format!("wrong number of args for {name}: want 1 got {}", arguments.len())),
            }),
            "AsConfig" => field(arguments, self.as_yaml(|data| Value::String(data.clone()))),
            "AsSecrets" => {
                field(arguments, self.as_yaml(|data| Value::string(STANDARD.encode(data.as_bytes()))))
            }
            // A file of that name, as in any map.
            _ => Some(Ok(self.0.get(name.as_bytes()).map(|data| bytes(data.as_bytes())).unwrap_or_default())),
        }
    }

    fn print(&self) -> String {
        let entry = |(name, data): (&Str, &Str)| {
            let bytes: Vec<String> = data.as_bytes().iter().map(u8::to_string).collect();
            format!("{name}:[{}]", bytes.join(" "))
        };
        format!("map[{}]", self.0.iter().map(entry).collect::<Vec<_>>().join(" "))
    }

    fn data(&self) -> Value {
        Value::Map(self.0.iter().map(|(name, data)| (name.clone(), bytes(data.as_bytes()))).collect())
    }

    fn truth(&self) -> bool {
        !self.0.is_empty()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
