//! The description is whole, and every answer that a test sees is in it.

use std::{collections::BTreeSet, sync::LazyLock};

use axum::http::Method;
use serde_json::Value;

use crate::world::{Answer, World};

/// The document does not depend on the log; it is asked of the first world that is made.
static ROUTES: LazyLock<Value> = LazyLock::new(|| {
    let text = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async { World::new().await.gateway.openapi() })
    });
    serde_json::from_slice(&text.join().unwrap()).unwrap()
});

fn fits(path: &str, template: &str) -> bool {
    let (path, template): (Vec<_>, Vec<_>) = (path.split('/').collect(), template.split('/').collect());
    path.len() == template.len() && path.iter().zip(&template).all(|(p, t)| t.starts_with('{') || p == t)
}

/// The answer's status, media type and headers stand in the document, when its address does.
pub fn is_documented(method: &Method, path: &str, answer: &Answer) {
    // Pages are for browsers alone, and described nowhere.
    if !path.starts_with("/api/") && answer.header("content-type").starts_with("text/html") {
        return;
    }
    let paths = ROUTES["paths"].as_object().unwrap();
    let exact = paths.contains_key(path);
    let found = paths.iter().find(|(template, _)| if exact { *template == path } else { fits(path, template) });
    let Some((template, operations)) = found else {
        // Pages and what they load are described nowhere.
        assert!(!path.starts_with("/api/") || [404, 421, 403].contains(&answer.status), "{method} {path}: {}", answer.status);
        return;
    };
    let Some(operation) = operations.get(method.as_str().to_lowercase()) else { return };
    let response = &operation["responses"][answer.status.to_string()];
    assert!(response.is_object(), "{method} {template} answered {}, which is not documented: {answer:?}", answer.status);
    let media = answer.header("content-type").split(';').next().unwrap_or_default();
    if !media.is_empty() {
        assert!(response["content"][media].is_object(), "{method} {template}: {} as {media}", answer.status);
    }
}

fn references(value: &Value, into: &mut BTreeSet<String>) {
    if let Some(to) = value.get("$ref").and_then(Value::as_str) {
        into.insert(to.to_owned());
    }
    value.as_object().into_iter().flatten().for_each(|(_, value)| references(value, into));
    value.as_array().into_iter().flatten().for_each(|value| references(value, into));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_whole() {
    let world = World::new().await;
    let answer = world.get("/api/v1/openapi.json").await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-cache"));
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    let mut all = BTreeSet::new();
    references(&document, &mut all);
    assert!(all.len() > 20);
    for reference in all {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let mut ids = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{path}");
            let wanted: BTreeSet<_> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            let parameters = operation["parameters"].as_array().unwrap();
            let named: BTreeSet<_> = parameters.iter().filter(|p| p["in"] == "path").map(|p| p["name"].as_str().unwrap()).collect();
            assert_eq!(named, wanted);
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| ["2", "3"].iter().any(|good| status.starts_with(good))), "{method} {path}");
            for (status, response) in responses {
                assert!(!response["description"].as_str().unwrap().is_empty());
                let problem = response["content"]["application/problem+json"].is_object();
                assert!(
                    problem || status.starts_with('2') || status == "303" || path == "/readyz",
                    "{method} {path}: {status} is no problem"
                );
            }
        }
    }
    assert_eq!(document["components"]["schemas"]["intake"]["type"], "object");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_served() {
    let world = World::new().await;
    for (path, operations) in ROUTES["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let path = path.replace("{id}", "7").replace("{quarter}", "x").replace("{name}", "x");
            // One that is not in the table is told by 405 or by this sentence.
            if !path.ends_with("/events/live") {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let answer = world.send(world.request(method, &path).body(Default::default()).unwrap()).await;
                let text = String::from_utf8_lossy(&answer.body);
                assert!(answer.status != 405 && !text.contains("nothing at this address"), "{path}: {text}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn quarters_numbers_and_reasons_are_described_as_they_are_read() {
    let parameters = ROUTES["paths"]["/api/v1/figures/{quarter}/lineage"]["get"]["parameters"].as_array().unwrap();
    let schema = |name: &str| &parameters.iter().find(|parameter| parameter["name"] == name).unwrap()["schema"];
    assert_eq!(schema("quarter")["pattern"], domain::Quarter::PATTERN);
    assert_eq!(schema("cell")["pattern"], figures::lineage::Number::pattern());
    assert!(schema("reason")["enum"].as_array().unwrap().iter().any(|reason| reason == "paid_job_active"));
    let events = include_str!("../../../../docs/contracts/asyncapi.yaml");
    assert!(events.contains(&format!("pattern: \"{}\"", domain::Quarter::PATTERN)), "the same in the other description");
}
