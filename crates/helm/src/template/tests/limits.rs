//! Templates that would never end, or fill the memory.

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{data, map};
use crate::{
    environment::{Environment, NoCluster},
    template::{Engine, Error, ErrorKind, Limits, Mode, Template, with_stack},
    value::Value,
};

fn render_within(limits: &Limits, text: &str) -> Result<String, Error> {
    with_stack(|| {
        let mut engine = Engine::new(Mode::default());
        engine.add(&Template::parse("t", text)?);
        let environment =
            Environment { now: (0, 0), random: RefCell::new(Box::new(|_| {})), lookup: &NoCluster };
        engine.render(&environment, "t", data(), limits).map(|text| String::from_utf8(text).unwrap())
    })
    .unwrap()
}

#[test]
fn what_would_never_end_ends_in_an_error() {
    let small = Limits { steps: 100_000, bytes: 4 << 20, ..Limits::default() };
    for (text, message) in [
        ("{{ range 1000000000000 }}{{ end }}", "rendering takes more than 100000 steps"),
        (
            "{{ range 1000 }}{{ range 1000 }}{{ range 1000 }}x{{ end }}{{ end }}{{ end }}",
            "rendering takes more than 100000 steps",
        ),
        (
            "{{ define \"x\" }}{{ template \"x\" }}{{ end }}{{ template \"x\" }}",
            "rendering takes more than 100000 steps",
        ),
        (
            "{{ $s := \"0123456789\" }}{{ range 100 }}{{ $s = print $s $s }}{{ end }}",
            "error calling print: the result is too long, or holds itself",
        ),
        (
            "{{ $s := \"0123456789\" }}{{ range 100000 }}{{ $s = print $s \"x\" }}{{ end }}",
            "error calling print: the result is too long, or holds itself",
        ),
        (
            "{{ range 20 }}{{ printf \"%999999d\" 1 }}{{ end }}",
            "error calling printf: the result is too long, or holds itself",
        ),
        (
            "{{ define \"x\" }}{{ tpl `{{ include \"x\" . }}` . }}{{ end }}{{ include \"x\" . }}",
            "error calling include: rendering template has a nested reference name: x: unable to execute template",
        ),
    ] {
        let error = render_within(&small, text).unwrap_err();
        assert!(error.message().starts_with(message), "{text}: {}", error.message());
    }
}

#[test]
fn templates_that_call_each_other_stop_before_the_stack_does() {
    let limits = Limits { steps: u64::MAX, ..Limits::default() };
    let text = "{{ define \"x\" }}{{ template \"x\" }}{{ end }}{{ template \"x\" }}";
    let error = render_within(&limits, text).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert_eq!(error.message(), "templates call each other too deeply");
}

#[test]
fn a_thousand_nested_includes_are_allowed() {
    let text = "{{ define \"x\" }}{{ if lt . 999 }}{{ include \"x\" (add . 1 | int) }}{{ end }}.{{ end }}{{ include \"x\" 0 }}";
    assert_eq!(render_within(&Limits::default(), text).unwrap().len(), 1000);
}

#[test]
fn somebody_else_can_stop_it() {
    let stop = Arc::new(AtomicBool::new(false));
    stop.store(true, Ordering::Relaxed);
    let limits = Limits { stop: Some(stop), ..Limits::default() };
    let error = render_within(&limits, "{{ range 10000000 }}{{ end }}").unwrap_err();
    assert_eq!(error.message(), "rendering was stopped");
}

#[test]
fn a_map_that_holds_itself_is_not_printed_and_is_freed() {
    let text = "{{ $_ := set .map \"own\" .map }}{{ range .map }}{{ end }}";
    assert!(render_within(&Limits::default(), text).is_ok());
    for shown in ["{{ print .map | len }}", "{{ .map }}"] {
        let error = render_within(&Limits::default(), &format!("{text}{shown}")).unwrap_err();
        assert!(error.message().ends_with("or holds itself"), "{error}");
    }

    // The thread that ends empties the map, so what it held is freed.
    let held: Arc<()> = Arc::new(());
    struct Holder(#[expect(dead_code)] Arc<()>);
    impl crate::value::Object for Holder {
        fn type_name(&self) -> &'static str {
            "holder"
        }
        fn call(&self, _: &str, _: &[Value]) -> Option<Result<Value, String>> {
            None
        }
        fn print(&self) -> String {
            String::new()
        }
        fn as_any(&self) -> &dyn std::any::Any {
            self
        }
    }
    let inside = held.clone();
    with_stack(move || {
        let Value::Map(own) = map([("object", Value::Object(std::rc::Rc::new(Holder(inside))))]) else {
            return;
        };
        own.insert("own", Value::Map(own.clone()));
    })
    .unwrap();
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn deep_templates_are_refused_and_long_chains_are_not() {
    let deep = format!("{{{{ {}1{} }}}}", "(".repeat(100_000), ")".repeat(100_000));
    let error = render_within(&Limits::default(), &deep).unwrap_err();
    assert_eq!(error.message(), "max expression depth exceeded");
    let nested = "{{ if 1 }}".repeat(100_000);
    assert_eq!(
        render_within(&Limits::default(), &nested).unwrap_err().message(),
        "max expression depth exceeded"
    );
    let chain = format!("{{{{ if 0 }}}}{}{{{{ end }}}}", "{{ else if 0 }}".repeat(20_000));
    assert_eq!(render_within(&Limits::default(), &chain).unwrap(), "");
}
