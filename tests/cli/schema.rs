//! `docs/schema.json`: every object that any of these tests reads has the shape that it says, with no field that is not described.

use crate::{Desk, PROVE};
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(include_str!("../../docs/schema.json")).expect("JSON"));

/// An object that the program printed.
#[track_caller]
pub(crate) fn object(text: &str) -> Value {
    let value: Value = serde_json::from_str(text).expect("JSON");
    if let Err(fault) = shape(&value) {
        panic!("{fault}: {text}");
    }
    value
}

/// That an object has the shape that it names.
fn shape(value: &Value) -> Result<(), String> {
    let name = value["schema"].as_str().ok_or("there is no schema")?;
    let alternatives = SCHEMA["anyOf"].as_array().ok_or("the schema has no alternatives")?;
    let named = |reference: &&Value| deep(reference, |schema| schema["properties"]["schema"]["const"] == name);
    let schema = alternatives.iter().find(named).ok_or_else(|| format!("docs/schema.json has no {name}"))?;
    fits(schema, value, "")
}

/// Whether a schema, or one of its alternatives, is what is looked for.
fn deep(schema: &Value, wanted: impl Fn(&Value) -> bool + Copy) -> bool {
    let schema = resolved(schema);
    wanted(schema) || schema["anyOf"].as_array().is_some_and(|all| all.iter().any(|one| deep(one, wanted)))
}

fn resolved(schema: &Value) -> &Value {
    let Some(reference) = schema["$ref"].as_str() else { return schema };
    let name = reference.strip_prefix("#/$defs/").expect("a reference into the file");
    SCHEMA["$defs"].get(name).unwrap_or_else(|| panic!("there is no {name}"))
}

/// What of JSON Schema is used there, and stricter: a property that is not described is a fault, so that the file stays complete.
fn fits(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let schema = resolved(schema);
    let fault = |what: &str| Err(format!("{at}: {what}"));
    for (word, of) in schema.as_object().expect("a schema is an object") {
        match word.as_str() {
            "description" | "additionalProperties" => {}
            "type" => {
                let named = |name: &Value| is_a(value, name.as_str().expect("a type"));
                if !of.as_array().map_or_else(|| named(of), |all| all.iter().any(named)) {
                    return fault(&format!("{value} is no {of}"));
                }
            }
            "const" if value != of => return fault(&format!("{value} is not {of}")),
            "enum" if !of.as_array().expect("a list").contains(value) => return fault(&format!("{value} is none of {of}")),
            "const" | "enum" => {}
            "minimum" if value.as_f64().is_some_and(|number| number < of.as_f64().expect("a number")) => return fault("it is too small"),
            "minimum" => {}
            "items" => {
                for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                    fits(of, item, &format!("{at}/{i}"))?;
                }
            }
            "required" => {
                let missing = of.as_array().expect("a list").iter().filter_map(Value::as_str).find(|name| value.get(name).is_none());
                if let Some(name) = missing {
                    return fault(&format!("{name} is missing"));
                }
            }
            "properties" => properties(of, &schema["additionalProperties"], value.as_object().unwrap_or(&Map::new()), at)?,
            "anyOf" => {
                let faults: Vec<String> = of.as_array().expect("a list").iter().filter_map(|one| fits(one, value, at).err()).collect();
                if faults.len() == of.as_array().map_or(0, Vec::len) {
                    return fault(&faults.join("; or "));
                }
            }
            word => panic!("{word} is not known here"),
        }
    }
    if let (None, of @ Value::Object(_)) = (schema.get("properties"), &schema["additionalProperties"]) {
        properties(&json!({}), of, value.as_object().unwrap_or(&Map::new()), at)?;
    }
    Ok(())
}

fn properties(known: &Value, others: &Value, fields: &Map<String, Value>, at: &str) -> Result<(), String> {
    for (name, value) in fields {
        match (known.get(name), others) {
            (Some(schema), _) => fits(schema, value, &format!("{at}/{name}"))?,
            (None, Value::Bool(true)) => {}
            (None, schema @ Value::Object(_)) => fits(schema, value, &format!("{at}/{name}"))?,
            (None, _) => return Err(format!("{at}: {name} is not described")),
        }
    }
    Ok(())
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        name => panic!("{name} is no type"),
    }
}

#[test]
fn what_does_not_fit_is_found() {
    let desk = Desk::ready();
    let good = desk.zkimg(&["verify", "edited.png", "--trust", "camera.pub", "--json"]).ends(0).json();
    assert_eq!(good["schema"], "zkimg/verify/1");
    type Change = fn(&mut Map<String, Value>);
    let changed = |change: Change| {
        let mut value = good.clone();
        change(value.as_object_mut().expect("an object"));
        shape(&value)
    };
    let faults: [(Change, &str); 7] = [
        (|fields| drop(fields.remove("links")), "links is missing"),
        (|fields| drop(fields.insert("more".into(), json!(1))), "more is not described"),
        (|fields| fields["checks"][0]["passed"] = json!("yes"), "/checks/0/passed: \"yes\" is no \"boolean\""),
        (|fields| fields["source"]["kind"] = json!("program"), "/source/kind"),
        (|fields| fields["security_bits"] = json!(-1), "it is too small"),
        (|fields| fields["published"]["depth"] = json!(8), "depth is not described"),
        (|fields| drop(fields.insert("schema".into(), json!("zkimg/verify/2"))), "docs/schema.json has no zkimg/verify/2"),
    ];
    for (change, part) in faults {
        let fault = changed(change).expect_err(part);
        assert!(fault.contains(part), "{part:?} is not in {fault:?}");
    }
}

/// The verbs that no other test here asks for JSON.
#[test]
fn each_verb_has_a_shape() {
    let desk = Desk::ready();
    let asked: RefCell<BTreeSet<String>> = RefCell::default();
    let ask = |words: &[&str]| {
        let value = desk.zkimg(&[words, &["--json"]].concat()).ends(0).json();
        asked.borrow_mut().insert(value["schema"].as_str().expect("a name").to_owned());
        value
    };
    ask(&["keygen", "--out", "second.key"]);
    ask(&["attest", "photo.png", "--key", "camera.key", "--out", "again"]);
    ask(&["attest", "photo.png", "--notary", "second.key", "--out", "seen", "--show-time"]);
    ask(&[&PROVE[..7], &["new.png"]].concat());
    ask(&[&PROVE[..7], &["web.png", "--also", "small.png=resize=50%", "--name", "Anna"]].concat());
    ask(&["prove", "photo.negative", "--edit", "redact=8x8+2+2", "--hidden", "--sign", "second.key", "--out", "desk"]);
    ask(&[&PROVE[..7], &["none.png", "--estimate"]].concat());
    ask(&["prove", "desk.negative", "--after", "desk.zkimg", "--edit", "crop=16x16+0+0", "--out", "chain.png"]);
    ask(&["verify", "chain.png", "--trust", "camera.pub", "--people", "second.pub"]);
    ask(&["verify", "desk.zkimg", "--trust", "camera.pub"]);
    ask(&["compare", "new.png", "edited.png", "--trust", "camera.pub"]);
    ask(&["trust", "add", "camera.pub"]);
    ask(&["trust", "list"]);
    ask(&["trust", "remove", "camera"]);
    ask(&["edit", "photo.png", "--edit", "flip=vertical", "--out", "flipped.png"]);
    ask(&["edits"]);
    ask(&["edits", "crop"]);
    ask(&["extract", "new.png"]);
    ask(&["embed", "edited.png", "edited.zkimg", "--out", "inside.png"]);
    for file in ["photo.capture", "seen.capture", "photo.negative", "desk.negative", "chain.png", "camera.pub"] {
        ask(&["inspect", file]);
    }
    desk.write("two.pub", [desk.read("camera.pub"), desk.read("second.pub")].concat());
    ask(&["inspect", "two.pub"]);
    desk.write("jobs.jsonl", "{\"do\": \"verify\", \"picture\": \"edited.png\"}\n");
    ask(&["batch", "jobs.jsonl", "--trust", "camera.pub"]);
    ask(&["completions", "bash"]);
    ask(&["man", "verify"]);
    ask(&["man", "--out", "."]);
    let pinned = |name: &str| format!("{}/tests/pinned/{name}", env!("CARGO_MANIFEST_DIR"));
    for file in ["answer.zkimg", "match.zkimg", "anna.enrolled", "anna.template", "small.card"] {
        ask(&["inspect", &pinned(file)]);
    }
    let named = |verb: &str| format!("zkimg/{verb}/1");
    // These take long, need a network, or do not end; their tests read their objects by the same function.
    let elsewhere = ["model", "infer", "face", "serve", "demo", "error"];
    let mut all = asked.into_inner();
    all.extend(elsewhere.map(named));
    let mut described = BTreeSet::new();
    for one in SCHEMA["anyOf"].as_array().expect("a list") {
        let one = resolved(one);
        let first = one["anyOf"].as_array().map_or(one, |all| &all[0]);
        described.insert(first["properties"]["schema"]["const"].as_str().expect("a name").to_owned());
    }
    assert_eq!(all, described);
}
