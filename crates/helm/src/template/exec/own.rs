//! The functions that need the engine: `include`, `tpl`, `required`, `fail`, `lookup`.

use super::{
    super::{builtins::Builtin, engine, fmt},
    At, Call, Error, ErrorKind, Executor, Got, Result, no_template,
};
use crate::value::{Str, Value};

/// How often a template may be included by itself, as in Helm.
const NESTED: usize = 1000;

impl Executor<'_, '_> {
    pub(super) fn own<'t>(
        &mut self,
        call: &mut Call<'t>,
        builtin: Builtin,
        node: At<'t>,
        arguments: Vec<Value>,
    ) -> Result<Value> {
        let mut arguments = arguments.into_iter();
        let mut text = || match arguments.next() {
            Some(Value::String(text)) => text,
            _ => Str::default(),
        };
        match builtin {
            Builtin::Include => {
                let name = text();
                let data = arguments.next().unwrap_or_default();
                self.include(call, node, &name, data)
            }
            Builtin::Tpl => {
                let template = text();
                let data = arguments.next().unwrap_or_default();
                self.tpl(call, node, &template, data)
            }
            Builtin::Required => {
                let message = text();
                let value = arguments.next().unwrap_or_default();
                let missing = match &value {
                    Value::Nil => true,
                    Value::String(text) => text.is_empty(),
                    _ => false,
                };
                match missing {
                    false => Ok(value),
                    true if self.mode.lint => Ok(Value::string("")),
                    true => Err(refusal(call, node, &message)),
                }
            }
            Builtin::Fail if self.mode.lint => Ok(Value::string("")),
            Builtin::Fail => Err(refusal(call, node, &text())),
            _ => {
                let (version, kind, namespace, name) = (text(), text(), text(), text());
                let (version, kind) = (version.to_text(), kind.to_text());
                self.environment
                    .lookup
                    .lookup(&version, &kind, &namespace.to_text(), &name.to_text())
                    .map_err(|message| {
                        call.at = node;
                        let message = format!("error calling lookup: {message}");
                        call.place(Error::new(ErrorKind::Execution, message).said())
                    })
            }
        }
    }

    fn include<'t>(&mut self, call: &mut Call<'t>, node: At<'t>, name: &Str, data: Value) -> Result<Value> {
        let within = |call: &mut Call<'t>, error: Error| {
            call.at = node;
            error.placed(call.frame("error calling include:"))
        };
        let count = self.included.entry(name.clone()).or_default();
        if *count > NESTED {
            let message = format!(
                "error calling include: rendering template has a nested reference name: {name}: unable to execute template"
            );
            call.at = node;
            return Err(call.place(Error::new(ErrorKind::Execution, message).said()));
        }
        *count += 1;
        let text = match self.find(name.as_bytes()) {
            Some(definition) => self.capture(&definition, Got::plain(data)),
            None => Err(no_template(name.as_bytes())),
        };
        if let Some(count) = self.included.get_mut(name) {
            *count -= 1;
        }
        text.map(Value::String).map_err(|error| within(call, error))
    }

    fn tpl<'t>(&mut self, call: &mut Call<'t>, node: At<'t>, text: &Str, data: Value) -> Result<Value> {
        if !engine::has_action(text.as_bytes()) {
            return Ok(Value::String(engine::without_no_value_text(text)));
        }
        let definitions = match self.templates.text(text) {
            Ok(definitions) => definitions,
            Err(error) => {
                let template = fmt::quoted(text.as_bytes());
                let message =
                    format!("error calling tpl: cannot parse template {template}: {}", error.one_line());
                call.at = node;
                return Err(call.place(Error::new(ErrorKind::Execution, message).said()));
            }
        };
        let Some(main) = definitions.last().cloned() else {
            return Ok(Value::string(""));
        };
        self.scopes.push(definitions);
        let done = self.capture(&main, Got::plain(data));
        self.scopes.pop();
        match done {
            Ok(text) => Ok(Value::String(engine::without_no_value_text(&text))),
            Err(error) => {
                call.at = node;
                let template = fmt::quoted(text.as_bytes());
                let message =
                    format!("error calling tpl: error during tpl function execution for {template}:");
                Err(error.said().placed(call.frame(&message)))
            }
        }
    }
}

fn refusal<'t>(call: &mut Call<'t>, node: At<'t>, message: &Str) -> Error {
    call.at = node;
    call.place(Error::new(ErrorKind::Refusal, message.to_string()))
}
