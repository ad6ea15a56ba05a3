//! The OpenAPI 3.1 document, made of the table of endpoints.

use bytes::Bytes;
use domain::Quarter;
use figures::lineage::{Number, Reason};
use serde_json::{Map, Value, json};

use crate::{
    Limits,
    access::COOKIE,
    http::{Asks, Endpoint, LONGEST_CURSOR, Media, RESPONSES_OF_ALL, described},
    problem::PROBLEM_JSON,
    schemas,
};

/// Those whose pages have limits of their own.
const TRAJECTORIES: &str = "/api/v1/trajectories";

const ACCOUNTS: &str = "/api/v1/accounts";

const LINEAGE: &str = "/api/v1/figures/{quarter}/lineage";

/// Without this key a question says nothing.
const CELL: &str = "cell";

/// The document as it is served.
pub(crate) fn document(limits: &Limits) -> Bytes {
    let mut paths = Map::new();
    for endpoint in described() {
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        if let Value::Object(path) = path {
            path.insert(endpoint.method.to_ascii_lowercase(), operation(endpoint, limits));
        }
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Trajectlog",
            "version": crate::http::API_VERSION,
            "description": "Trajectories of guidance to work, as an append-only log. Times are RFC 3339 UTC; errors are RFC 9457.",
            "contact": {"name": "The administrator of this service"},
            "license": {"name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"bearer": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": schemas::all(limits),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "A personal access token (`tl_…`) of an account; or a JWT of the provider of identities, where the service takes them, whose owner has signed in with a browser once."},
                "session": {
                    "type": "apiKey", "in": "cookie", "name": COOKIE,
                    "description": "A session. What changes something carries its `csrf` as X-CSRF-Token (a form: as the field csrf); \
                                    X-Account, where it is sent, names its account.",
                },
            },
            "headers": {
                "API-Version": {"description": "The version that answered.", "schema": {"type": "string"}},
                "X-Request-Id": {"description": "Names the request in the service's log.", "schema": {"type": "string"}},
                "Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}},
            },
        },
    });
    document.to_string().into()
}

fn operation(endpoint: &Endpoint, limits: &Limits) -> Value {
    let mut parameters: Vec<Value> = endpoint
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": path_schema(name)}))
        .collect();
    for key in endpoint.query {
        let schema =
            if key.words.is_empty() { query_schema(endpoint.path, key.name, limits) } else { json!({"type": "string", "enum": key.words}) };
        parameters.push(json!({"name": key.name, "in": "query", "required": key.name == CELL, "description": key.about, "schema": schema}));
    }
    let mut responses = Map::new();
    let of_all = if endpoint.asks == Asks::Anybody { &[] } else { RESPONSES_OF_ALL };
    for answer in endpoint.answers.iter().chain(of_all) {
        responses.entry(answer.0.to_string()).or_insert_with(|| response(answer.1, answer.2));
    }
    let mut operation = json!({
        "operationId": endpoint.id,
        "summary": endpoint.about,
        "parameters": parameters,
        "responses": responses,
    });
    if let Some(body) = endpoint.body {
        operation["requestBody"] = json!({"required": true, "content": content(body)});
    }
    operation
}

fn path_schema(name: &str) -> Value {
    match name {
        "id" => json!({"type": "string", "format": "uuid"}),
        "quarter" => json!({"type": "string", "pattern": Quarter::PATTERN, "examples": ["2025Q1"]}),
        _ => json!({"type": "string"}),
    }
}

fn query_schema(path: &str, name: &str, limits: &Limits) -> Value {
    match name {
        "cursor" if path == ACCOUNTS || path == LINEAGE => json!({"type": "string", "format": "uuid"}),
        "na" => json!({"type": "integer", "minimum": 0, "maximum": u32::MAX}),
        "trajectory" => json!({"type": "string", "format": "uuid"}),
        CELL => json!({"type": "string", "pattern": Number::pattern(), "examples": ["by_method.ips.paid_work"]}),
        "reason" if path == LINEAGE => {
            json!({"type": "string", "enum": Reason::all().iter().map(|reason| reason.code()).collect::<Vec<_>>()})
        }
        "on" => json!({"type": "string", "format": "date"}),
        "limit" => {
            let most = match path {
                TRAJECTORIES => limits.page_trajectories,
                ACCOUNTS => limits.page_accounts,
                LINEAGE => limits.page_lineage,
                _ => limits.page_events,
            };
            json!({"type": "integer", "minimum": 1, "maximum": most})
        }
        "cursor" => json!({"type": "string", "minLength": 1, "maxLength": LONGEST_CURSOR, "pattern": "^[A-Za-z0-9_-]+$"}),
        "from" => json!({"type": "integer", "minimum": 0, "maximum": u64::MAX}),
        "organisation" | "coach" => reference("slug"),
        "scope" => json!({
            "type": "string",
            "pattern": "^(national|region:[A-Z0-9]+(,organisation:[a-z0-9][a-z0-9-]{0,63})?|organisation:[a-z0-9][a-z0-9-]{0,63}(,region:[A-Z0-9]+)?)$",
            "default": "national",
            "examples": ["region:AM18"],
        }),
        "asOf" => json!({
            "anyOf": [{"type": "integer", "minimum": 0, "maximum": u64::MAX}, reference("timestamp")],
            "examples": [1, "2025-05-15T12:00:00Z"],
        }),
        _ => json!({"type": "string"}),
    }
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

fn content(media: Media) -> Value {
    match media {
        Media::Json(schema) => json!({"application/json": {"schema": reference(schema)}}),
        Media::List(schema) => json!({"application/json": {"schema": {"type": "array", "items": reference(schema)}}}),
        Media::JsonOrCsv(schema) => json!({"application/json": {"schema": reference(schema)}, "text/csv": {"schema": {"type": "string"}}}),
        Media::Events(schema) => {
            let about = format!("Server-sent events; the data of each is a {schema}.");
            json!({"text/event-stream": {"schema": {"type": "string", "description": about}}})
        }
        Media::Html => json!({"text/html": {"schema": {"type": "string"}}}),
        Media::Form(schema) => json!({"application/x-www-form-urlencoded": {"schema": reference(schema)}}),
        Media::Text => json!({"text/plain": {"schema": {"type": "string"}}}),
        Media::Problem => json!({PROBLEM_JSON: {"schema": reference("Problem")}}),
        Media::Nothing => json!({}),
    }
}

fn response(media: Media, about: &str) -> Value {
    let header = |name: &str| json!({"$ref": format!("#/components/headers/{name}")});
    let mut response = json!({
        "description": about,
        "headers": {"API-Version": header("API-Version"), "X-Request-Id": header("X-Request-Id")},
    });
    if media != Media::Nothing {
        response["content"] = content(media);
    }
    response
}
