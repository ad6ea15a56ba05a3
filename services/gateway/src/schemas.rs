//! The schemas of the OpenAPI document. Those of events are the contract's own file, so that there is one truth about them.

use accounts::{LONGEST_REASON, LONGEST_TOKEN_DAYS};
use serde_json::{Map, Value, json};

use crate::Limits;

/// The contract's schema of events.
const EVENTS: &str = include_str!("../../../docs/contracts/events.schema.json");

/// All schemas, by name; with the limits that hold here.
pub(crate) fn all(limits: &Limits) -> Value {
    let events: Value = serde_json::from_str(EVENTS).unwrap_or_default();
    let mut schemas = match events.get("$defs") {
        Some(Value::Object(definitions)) => definitions.clone(),
        _ => Map::new(),
    };
    schemas.values_mut().for_each(move_references);
    if let Some(most) = schemas.get_mut("new_decision").and_then(|decision| decision.pointer_mut("/properties/events/maxItems")) {
        *most = limits.decision_events.into();
    }
    if let Value::Object(ours) = ours() {
        schemas.extend(ours);
    }
    Value::Object(schemas)
}

/// From the contract's file to this document.
fn move_references(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            for (name, value) in fields {
                if let Value::String(to) = value
                    && name == "$ref"
                {
                    *to = to.replace("#/$defs/", "#/components/schemas/");
                } else {
                    move_references(value);
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(move_references),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn of(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn list(items: &Value) -> Value {
    json!({"type": "array", "items": items})
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}

fn ours() -> Value {
    let (text, whole, uuid) = (json!({"type": "string"}), json!({"type": "integer", "minimum": 0}), of("uuid"));
    let or_null = |kind: &str| json!({"type": [kind, "null"]});
    let verdict = json!({"enum": ["yes", "no", "unknown"]});
    let methods = json!({"enum": ["ips", "wabz", "jobcoaching", "werkfit", "naar_werk", "other", null]});
    let steps = json!({"enum": ["intake", "engagement", "assessment", "placement", "coaching", "outflow", null]});
    let mistake = object(&["event", "event_id", "detail"], json!({"event": whole, "event_id": or_null("string"), "detail": text}));
    let mut all = about_accounts();
    let others = json!({
        "Anything": {},
        "Problem": {
            "type": "object",
            "description": "RFC 9457. `code` is stable; `detail` of a refusal is in Dutch, for coaches.",
            "required": ["type", "title", "status", "code", "detail"],
            "properties": {
                "type": text, "title": text, "status": whole, "code": text, "detail": text,
                "conflicts": list(&uuid),
                "event_id": uuid,
                "current_revision": whole,
                "errors": list(&mistake),
                "request_id": text,
            },
            "examples": [{
                "type": "urn:trajectlog:problem:no_intake", "title": "The event is refused", "status": 422, "code": "no_intake",
                "detail": "Dit traject heeft nog geen intake; meld eerst de intake.",
                "event_id": "e0000002-0000-4000-8000-000000000001", "request_id": "5d6d6a0c-6d5a-4b43-9a5b-7f2f3f0b8a11",
            }],
        },
        "Recorded": {"anyOf": [of("recorded"), list(&of("recorded"))]},
        "OutboxEvent": {"description": "An event, and beside its fields perhaps `expected_revision`.", "type": "object"},
        "Outcome": object(&["status"], json!({"status": whole, "event": of("recorded"), "problem": of("Problem")})),
        "Status": object(
            &["trajectory_id", "organisation", "revision", "on", "method", "running", "step", "paid_work", "sustainable_work", "jobs"],
            json!({
                "trajectory_id": uuid, "organisation": of("slug"), "revision": whole, "on": of("date"), "method": methods,
                "running": {"type": "boolean"}, "step": steps, "paid_work": {"type": "boolean"}, "sustainable_work": verdict,
                "jobs": list(&object(&["job_id", "started", "stopped", "sustainable", "conditions"], json!({
                    "job_id": uuid, "started": of("date"), "stopped": or_null("string"), "sustainable": verdict,
                    "conditions": {"type": "object", "additionalProperties": verdict},
                }))),
            }),
        ),
        "Caseload": object(
            &["trajectories", "position", "next"],
            json!({"trajectories": list(&of("Status")), "position": whole, "next": or_null("string")}),
        ),
        "Figures": object(
            &["quarter", "scope", "provisional", "as_of", "definitions", "figures", "percentages", "shares", "changes"],
            json!({
                "quarter": text, "scope": {"type": "object"}, "provisional": {"type": "boolean"},
                "as_of": object(&["position", "recorded_at"], json!({"position": whole, "recorded_at": or_null("string")})),
                "definitions": text, "figures": {"type": "object"}, "percentages": {"type": "object"}, "shares": {"type": "object"},
                "changes": {"type": "object"},
            }),
        ),
        "Lineage": object(
            &["quarter", "scope", "provisional", "as_of", "definitions", "cell"],
            json!({
                "quarter": text, "scope": {"type": "object"}, "provisional": {"type": "boolean"},
                "as_of": object(&["position", "recorded_at"], json!({"position": whole, "recorded_at": or_null("string")})),
                "definitions": text, "cell": text, "value": whole, "counted": of("Reasons"), "left_out": of("Reasons"),
                "trajectories": {"anyOf": [list(&of("Traced")), {"type": "null"}], "description": "`null` for who may see no cases."},
                "next": or_null("string"), "trajectory": of("Traced"),
            }),
        ),
        "Reasons": object(&["trajectories", "reasons"], json!({"trajectories": whole, "reasons": list(&object(
            &["reason", "text", "trajectories"],
            json!({"reason": text, "text": of("Words"), "trajectories": whole}),
        ))})),
        "Words": object(&["nl", "en"], json!({"nl": text, "en": text})),
        "Traced": object(
            &["trajectory_id", "organisation", "counted", "adds", "reason", "text", "cells", "events"],
            json!({
                "trajectory_id": uuid, "organisation": of("slug"), "counted": {"type": "boolean"}, "adds": whole, "reason": text,
                "text": of("Words"), "cells": list(&text),
                "events": list(&object(&["event_id", "type", "occurred_on", "recorded_at", "revision", "position"], json!({
                    "event_id": uuid, "type": or_null("string"), "occurred_on": of("date"), "recorded_at": or_null("string"),
                    "revision": whole, "position": or_null("integer"),
                }))),
            }),
        ),
        "LogPage": object(&["events", "next"], json!({"events": list(&of("recorded")), "next": or_null("string")})),
        "Projections": object(&["projections"], json!({"projections": list(&object(
            &["name", "doing", "position", "lag"],
            json!({
                "name": text, "doing": {"enum": ["following", "rebuilding", "waiting_for_room", "stopped"]}, "position": whole, "lag": whole,
                "cause": text, "rebuilt": whole,
            }),
        ))})),
        "Readiness": object(&["ready", "reasons"], json!({"ready": {"type": "boolean"}, "reasons": list(&text)})),
    });
    if let (Value::Object(all), Value::Object(others)) = (&mut all, others) {
        all.extend(others);
    }
    all
}

/// Whose password, tokens, covers and openings.
fn about_accounts() -> Value {
    let (text, uuid, moment, date, slug) = (json!({"type": "string"}), of("uuid"), of("timestamp"), of("date"), of("slug"));
    let or_null = |schema: &Value| json!({"anyOf": [schema, {"type": "null"}]});
    let roles = json!({
        "type": "array", "minItems": 1, "uniqueItems": true,
        "items": {"enum": ["coach", "manager", "analyst", "auditor", "administrator"]},
    });
    let login = json!({"type": "string", "pattern": "^[A-Za-z0-9._@-]{1,64}$"});
    let name = |longest: usize| json!({"type": "string", "minLength": 1, "maxLength": longest});
    let profile = json!({
        "type": "object", "additionalProperties": false, "required": ["login", "name", "roles"],
        "properties": {"login": login, "name": name(100), "organisation": or_null(&slug), "coach": or_null(&slug), "roles": roles},
        "examples": [{"login": "j.devries", "name": "Jo de Vries", "organisation": "ggz-voorbeeld", "coach": "coach-1", "roles": ["coach"]}],
    });
    let mut new_account = profile.clone();
    new_account["properties"]["by_provider"] = json!({"type": "boolean", "default": false});
    let strict = |required: &[&str], properties: Value| json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties});
    let token = json!({
        "id": uuid, "name": text, "created": moment, "expires": moment, "last_used": or_null(&date), "roles": or_null(&roles),
    });
    let with_text = |mut properties: Value| {
        properties["token"] = json!({"type": "string", "pattern": "^tl_[0-9a-f]{72}$"});
        properties
    };
    json!({
        "SignIn": strict(&["login", "password"], json!({"login": text, "password": text, "next": text})),
        "ChoosePassword": strict(
            &["old", "new", "again", "csrf"],
            json!({"old": text, "new": text, "again": text, "next": text, "csrf": text}),
        ),
        "Session": object(&["account", "csrf", "roles", "organisation", "coach", "must_change_password"], json!({
            "account": uuid, "csrf": text, "roles": roles, "organisation": or_null(&slug), "coach": or_null(&slug),
            "must_change_password": {"type": "boolean"},
        })),
        "NewPassword": strict(&["old", "new"], json!({"old": text, "new": text})),
        "Sessions": object(&["sessions"], json!({"sessions": list(&object(
            &["id", "created", "last_seen", "ends", "agent", "current"],
            json!({
                "id": uuid, "created": moment, "last_seen": moment, "ends": moment, "agent": text, "current": {"type": "boolean"},
            }),
        ))})),
        "NewToken": strict(&["name", "days"], json!({
            "name": name(60), "days": {"type": "integer", "minimum": 1, "maximum": LONGEST_TOKEN_DAYS}, "roles": or_null(&roles),
        })),
        "Tokens": object(&["tokens"], json!({"tokens": list(&object(&["id", "name", "created", "expires"], token.clone()))})),
        "TokenShown": object(&["id", "name", "created", "expires", "token"], with_text(token)),
        "NewAccount": new_account,
        "Profile": profile,
        "ChangedAccount": strict(&["revision", "profile"], json!({"revision": {"type": "integer", "minimum": 0}, "profile": of("Profile")})),
        "SeenAccount": strict(&["revision"], json!({"revision": {"type": "integer", "minimum": 0}})),
        "Account": object(
            &["id", "login", "name", "organisation", "coach", "roles", "state", "must_change_password", "by_provider", "linked", "created_at", "changed_at", "revision"],
            json!({
                "id": uuid, "login": text, "name": text, "organisation": or_null(&slug), "coach": or_null(&slug), "roles": roles,
                "state": {"enum": ["active", "locked"]}, "must_change_password": {"type": "boolean"}, "by_provider": {"type": "boolean"}, "linked": {"type": "boolean"}, "created_at": moment,
                "changed_at": moment, "revision": {"type": "integer", "minimum": 1},
            }),
        ),
        "AccountShown": object(&["account", "one_time_password"], json!({"account": of("Account"), "one_time_password": or_null(&text)})),
        "Accounts": object(&["accounts", "next"], json!({"accounts": list(&of("Account")), "next": or_null(&text)})),
        "NewCover": strict(&["absent", "by", "from", "until"], json!({"absent": slug, "by": slug, "from": date, "until": date})),
        "Cover": object(&["id", "organisation", "absent", "by", "from", "until", "made_by", "made_at", "ended_by", "ended_at"], json!({
            "id": uuid, "organisation": slug, "absent": slug, "by": slug, "from": date, "until": date, "made_by": uuid, "made_at": moment,
            "ended_by": or_null(&uuid), "ended_at": or_null(&moment),
        })),
        "Covers": object(&["covers"], json!({"covers": list(&of("Cover"))})),
        "Opening": object(
            &["id", "account", "name", "organisation", "trajectory_id", "reason", "opened_at", "until", "closed_at"],
            json!({
                "id": uuid, "account": uuid, "name": or_null(&text), "organisation": slug, "trajectory_id": uuid,
                "reason": name(LONGEST_REASON), "opened_at": moment, "until": moment, "closed_at": or_null(&moment),
            }),
        ),
        "Openings": object(&["openings", "next"], json!({"openings": list(&of("Opening")), "next": or_null(&text)})),
    })
}
