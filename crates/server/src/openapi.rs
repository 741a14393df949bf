//! The OpenAPI document, made from the table of routes and the types themselves.

use std::sync::OnceLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use nagaya_api::{
    ApiError, Bundle, BundleVersion, Cluster, Group, Image, Kind, Release, ReleaseVersion, Repository,
    Source, Team, Template, User, Workspace,
};
use utoipa::{
    ToSchema,
    openapi::{
        Components, Content, Info, ObjectBuilder, OpenApi, PathItem, Paths, Ref, RefOr, Required,
        ResponseBuilder,
        path::{HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn},
        request_body::RequestBodyBuilder,
        schema::{ArrayBuilder, Schema, SchemaType, Type},
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};

use crate::{
    Endpoint, authentication::COOKIE, authorisation::Subject, body, controllers::objects::list::ListMeta,
    endpoints,
};

type Schemas = Vec<(String, RefOr<Schema>)>;

/// What a body or answer holds.
#[derive(Clone)]
pub enum Says {
    /// An object of a kind.
    Object(Kind),
    /// A list of objects of a kind.
    ListOf(Kind),
    /// A type, by its name, with what registers its schema.
    Typed(String, fn(&mut Schemas)),
    /// An empty object.
    Nothing,
    /// Any JSON.
    Any,
    /// Plain text.
    Text,
    /// Server-sent events.
    Events,
    /// A picture.
    Image,
    /// A WebSocket.
    Upgrade,
}

impl Says {
    /// A type of this crate.
    pub fn of<T: ToSchema>() -> Self {
        Self::Typed(T::name().into_owned(), register::<T>)
    }

    fn content(&self) -> Option<(&'static str, Content)> {
        let json = "application/json";
        let reference = |name: &str| Content::new(Some(Ref::from_schema_name(name)));
        let plain =
            |kind: Type| Content::new(Some(ObjectBuilder::new().schema_type(SchemaType::Type(kind)).build()));
        Some(match self {
            Self::Object(kind) => (json, reference(kind.name())),
            Self::ListOf(kind) => (json, reference(&format!("{kind}List"))),
            Self::Typed(name, _) => (json, reference(name)),
            Self::Nothing | Self::Any => (json, plain(Type::Object)),
            Self::Text => ("text/plain", plain(Type::String)),
            Self::Image => ("image/*", plain(Type::String)),
            Self::Events => ("text/event-stream", plain(Type::String)),
            Self::Upgrade => return None,
        })
    }
}

fn register<T: ToSchema>(schemas: &mut Schemas) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}

/// The description of an endpoint.
pub struct Doc {
    tag: String,
    id: String,
    summary: &'static str,
    query: Vec<(&'static str, &'static str)>,
    takes: Option<Says>,
    patch: bool,
    answers: Says,
    created: bool,
}

const LIST_QUERY: [(&str, &str); 6] = [
    ("labelSelector", "Only objects whose labels match, as kubectl's -l"),
    ("team", "Only objects of this team"),
    ("limit", "At most so many"),
    ("continue", "Go on where a list with a limit ended"),
    ("watch", "true to stream changes instead"),
    ("resourceVersion", "With watch: changes after this revision; none: from now on"),
];
const WRITE_QUERY: [(&str, &str); 4] = [
    ("fieldManager", "In whose name fields are owned"),
    ("force", "true to take fields over that other managers own (apply only)"),
    ("dryRun", "true to answer as if it were done, and do nothing"),
    ("override", "source to change or delete what a Source owns, until its next sync puts it back"),
];

impl Doc {
    /// The description of an endpoint.
    pub fn new(tag: &str, id: &str, summary: &'static str) -> Self {
        Self {
            tag: tag.to_owned(),
            id: id.to_owned(),
            summary,
            query: Vec::new(),
            takes: None,
            patch: false,
            answers: Says::Nothing,
            created: false,
        }
    }

    /// Of an endpoint of a kind.
    pub fn of(kind: Kind, verb: &str, summary: &'static str) -> Self {
        Self::new(kind.plural(), &format!("{verb}{kind}"), summary)
    }

    pub(crate) fn query(mut self, query: &[(&'static str, &'static str)]) -> Self {
        self.query.extend_from_slice(query);
        self
    }

    pub(crate) fn query_list(self) -> Self {
        self.query(&LIST_QUERY)
    }

    pub(crate) fn query_write(self) -> Self {
        self.query(&WRITE_QUERY)
    }

    pub(crate) fn takes(mut self, says: Says) -> Self {
        self.takes = Some(says);
        self
    }

    pub(crate) fn takes_patch(mut self) -> Self {
        self.patch = true;
        self
    }

    pub(crate) fn answers(mut self, says: Says) -> Self {
        self.answers = says;
        self
    }

    pub(crate) fn answers_created(mut self, says: Says) -> Self {
        self.created = true;
        self.answers(says)
    }
}

fn operation(endpoint: &Endpoint) -> Operation {
    let doc = &endpoint.doc;
    let mut operation =
        OperationBuilder::new().tag(&doc.tag).operation_id(Some(&doc.id)).summary(Some(doc.summary));
    let string = || ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).build();
    for name in endpoint.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
        operation = operation.parameter(
            ParameterBuilder::new()
                .name(name.trim_start_matches('*'))
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(string())),
        );
    }
    for (name, description) in &doc.query {
        let schema = match *name {
            "limit" | "tailLines" => Type::Integer,
            "watch" | "all" | "force" | "dryRun" | "follow" | "previous" | "timestamps" => Type::Boolean,
            _ => Type::String,
        };
        operation = operation.parameter(
            ParameterBuilder::new()
                .name(*name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(*description))
                .schema(Some(ObjectBuilder::new().schema_type(SchemaType::Type(schema)).build())),
        );
    }
    if doc.patch {
        let any = || Content::new(Some(ObjectBuilder::new().build()));
        let bodies = RequestBodyBuilder::new().content(body::MERGE, any()).content(body::APPLY, any());
        operation = operation.request_body(Some(bodies.required(Some(Required::True)).build()));
    } else if let Some((kind, content)) = doc.takes.as_ref().and_then(Says::content) {
        let body = RequestBodyBuilder::new().content(kind, content).required(Some(Required::True)).build();
        operation = operation.request_body(Some(body));
    }
    let status = match (&doc.answers, doc.created) {
        (Says::Upgrade, _) => "101",
        (_, true) => "201",
        _ => "200",
    };
    let mut good = ResponseBuilder::new().description(doc.summary);
    if let Some((kind, content)) = doc.answers.content() {
        good = good.content(kind, content);
    }
    let bad = ResponseBuilder::new()
        .description("What is wrong, with which object and field, and what to do about it")
        .content("application/json", Content::new(Some(Ref::from_schema_name("ApiError"))));
    operation = operation.response(status, good).response("default", bad);
    if endpoint.guard.subject == Subject::Public {
        operation = operation.securities(Some(Vec::<SecurityRequirement>::new()));
    }
    operation.build()
}

fn methods(method: &str) -> Vec<HttpMethod> {
    match method {
        "GET" => vec![HttpMethod::Get],
        "POST" => vec![HttpMethod::Post],
        "PUT" => vec![HttpMethod::Put],
        "PATCH" => vec![HttpMethod::Patch],
        "DELETE" => vec![HttpMethod::Delete],
        // A description for each method would say the same five times.
        _ => vec![HttpMethod::Get],
    }
}

fn list_schema(kind: Kind) -> RefOr<Schema> {
    let string = || ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    ObjectBuilder::new()
        .description(Some(format!("Objects of kind {kind}.")))
        .property("apiVersion", string())
        .required("apiVersion")
        .property("kind", string())
        .required("kind")
        .property("metadata", Ref::from_schema_name("ListMeta"))
        .required("metadata")
        .property("items", ArrayBuilder::new().items(Ref::from_schema_name(kind.name())))
        .required("items")
        .into()
}

/// The document. The same for the same build, byte for byte.
pub fn document() -> OpenApi {
    let endpoints = endpoints();
    let mut schemas: Schemas = Vec::new();
    register::<ApiError>(&mut schemas);
    register::<ListMeta>(&mut schemas);
    register::<Cluster>(&mut schemas);
    register::<User>(&mut schemas);
    register::<Team>(&mut schemas);
    register::<Image>(&mut schemas);
    register::<Template>(&mut schemas);
    register::<Group>(&mut schemas);
    register::<Bundle>(&mut schemas);
    register::<BundleVersion>(&mut schemas);
    register::<Source>(&mut schemas);
    register::<Repository>(&mut schemas);
    register::<Release>(&mut schemas);
    register::<ReleaseVersion>(&mut schemas);
    register::<Workspace>(&mut schemas);
    let mut paths = Paths::new();
    for endpoint in &endpoints {
        for says in endpoint.doc.takes.iter().chain([&endpoint.doc.answers]) {
            if let Says::Typed(_, register) = says {
                register(&mut schemas);
            }
        }
        let path = endpoint.path.replace("{*", "{");
        for method in methods(endpoint.method) {
            let item = PathItem::new(method, operation(endpoint));
            match paths.paths.get_mut(&path) {
                Some(there) => there.merge_operations(item),
                None => {
                    paths.paths.insert(path.clone(), item);
                }
            }
        }
    }
    let mut components = Components::new();
    components.schemas.extend(schemas);
    components.schemas.extend(Kind::ALL.iter().map(|kind| (format!("{kind}List"), list_schema(*kind))));
    components
        .security_schemes
        .insert("token".into(), SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)).into());
    components
        .security_schemes
        .insert("session".into(), SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE))).into());
    let mut document = OpenApi::new(Info::new("Nagaya", env!("CARGO_PKG_VERSION")), paths);
    document.components = Some(components);
    let none: [&str; 0] = [];
    document.security =
        Some(vec![SecurityRequirement::new("token", none), SecurityRequirement::new("session", none)]);
    document
}

/// The document as an answer.
pub fn answer() -> Response {
    static JSON: OnceLock<String> = OnceLock::new();
    let json = JSON.get_or_init(|| serde_json::to_string_pretty(&document()).unwrap_or_default());
    ([(header::CONTENT_TYPE, "application/json")], json.as_str()).into_response()
}
