//! The providers' own `OpenAPI` documents, as a judge of requests and answers.
//!
//! They are looked for in `BANSOU_CONTRACTS` (from the workspace's folder, if it is relative), else in `../shared/contracts` beside the workspace. `BANSOU_CONTRACTS=skip`
//! goes without them; the rules in `line_rules.rs` hold all the same.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock},
};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use super::lock;

/// One published document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Document {
    /// LINE's messaging-api.yml
    LineMessaging,
    /// LINE's webhook.yml
    LineWebhook,
    /// Twilio's `twilio_api_v2010`, or the part of it about messages.
    Twilio,
}

/// The documents, or nothing if they are to be skipped.
#[derive(Debug)]
pub struct Contracts {
    documents: HashMap<Document, Value>,
    validators: Mutex<HashMap<(Document, String), Arc<Validator>>>,
}

/// The documents, read once.
///
/// # Panics
///
/// When they are missing, with words that say where the providers publish them.
pub fn contracts() -> &'static Contracts {
    static CONTRACTS: OnceLock<Result<Contracts, String>> = OnceLock::new();
    match CONTRACTS.get_or_init(|| Contracts::load(std::env::var_os("BANSOU_CONTRACTS").map(PathBuf::from))) {
        Ok(contracts) => contracts,
        Err(words) => panic!("{words}"),
    }
}

impl Contracts {
    /// Reads the documents from a folder, or from beside the workspace.
    pub fn load(folder: Option<PathBuf>) -> Result<Self, String> {
        let folder = folder.unwrap_or_else(|| Path::new("..").join("shared").join("contracts"));
        let skip = folder.as_os_str() == "skip";
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
        let mut documents = HashMap::new();
        if !skip {
            documents.insert(Document::LineMessaging, yaml(&folder, &["line/messaging-api.yml"])?);
            documents.insert(Document::LineWebhook, yaml(&folder, &["line/webhook.yml"])?);
            let twilio = ["twilio/twilio_api_v2010.messages.json", "twilio/twilio_api_v2010.json"];
            documents.insert(Document::Twilio, yaml(&folder, &twilio)?);
        }
        Ok(Self { documents, validators: Mutex::default() })
    }

    /// True if `BANSOU_CONTRACTS=skip` took the judge away.
    pub fn skipped(&self) -> bool {
        self.documents.is_empty()
    }

    /// What is wrong with a value that has to be this component and nothing more; an empty list if all is well.
    pub fn check(&self, document: Document, component: &str, value: &Value) -> Vec<String> {
        let schema = json!({ "$ref": format!("#/components/schemas/{component}") });
        self.check_schema(document, component, schema, value)
    }

    /// What is wrong with the form of a request, all of whose values are text. No field may be made up.
    pub fn check_form(&self, document: Document, path: &str, form: &[(String, String)]) -> Vec<String> {
        let Some(whole) = self.documents.get(&document) else { return Vec::new() };
        let content = &whole["paths"][path]["post"]["requestBody"]["content"];
        let schema = content["application/x-www-form-urlencoded"]["schema"].clone();
        let value = form.iter().map(|(name, text)| {
            let typed = match schema["properties"][name]["type"].as_str() {
                Some("integer" | "number" | "boolean") => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
                _ => json!(text),
            };
            (name.clone(), typed)
        });
        let value = Value::Object(value.collect());
        self.check_schema(document, path, schema, &value)
    }

    /// Where a document says that a path is asked for; `None` when documents are skipped, and for a path it doesn't know.
    pub fn server_of(&self, document: Document, path: &str, method: &str) -> Option<&str> {
        self.documents.get(&document)?["paths"][path][method]["servers"][0]["url"].as_str()
    }

    fn check_schema(&self, document: Document, name: &str, schema: Value, value: &Value) -> Vec<String> {
        let Some(whole) = self.documents.get(&document) else { return Vec::new() };
        let validator = Arc::clone(
            lock(&self.validators)
                .entry((document, name.to_owned()))
                .or_insert_with(|| Arc::new(compile(whole, schema))),
        );
        validator.iter_errors(value).map(|error| format!("{name}{}: {error}", error.instance_path())).collect()
    }
}

/// The component with its neighbours, closed against fields that the document doesn't know.
fn compile(whole: &Value, mut schema: Value) -> Validator {
    schema["unevaluatedProperties"] = json!(false);
    schema["components"] = whole["components"].clone();
    openapi_to_json_schema(&mut schema);
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .build(&schema)
        .expect("a component of a published document is a schema")
}

/// `OpenAPI` 3.0 says `nullable` where JSON Schema says `type: [.., "null"]`.
fn openapi_to_json_schema(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("nullable") == Some(&json!(true))
                && let Some(Value::String(kind)) = fields.get("type").cloned()
            {
                fields.insert("type".to_owned(), json!([kind, "null"]));
            }
            fields.values_mut().for_each(openapi_to_json_schema);
        }
        Value::Array(values) => values.iter_mut().for_each(openapi_to_json_schema),
        _ => {}
    }
}

/// YAML or JSON, which is YAML too, from the first of these files that is there.
fn yaml(folder: &Path, names: &[&str]) -> Result<Value, String> {
    let text = names.iter().find_map(|name| fs::read_to_string(folder.join(name)).ok());
    let Some(text) = text else { return Err(missing(folder, names[0])) };
    if names[0].ends_with("json") {
        return serde_json::from_str(&text).map_err(|error| format!("{}: {error}", names[0]));
    }
    serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", names[0]))
}

fn missing(folder: &Path, name: &str) -> String {
    format!(
        "The providers' OpenAPI documents are not there: no {name} in {}.\n\
         LINE publishes messaging-api.yml and webhook.yml at https://github.com/line/line-openapi,\n\
         Twilio publishes twilio_api_v2010.json (spec/json) at https://github.com/twilio/twilio-oai.\n\
         Put them into the folders line/ and twilio/ of one folder and name it in BANSOU_CONTRACTS,\n\
         or set BANSOU_CONTRACTS=skip to run without these checks.",
        folder.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_document_says_where_it_is_published() {
        let words = Contracts::load(Some(PathBuf::from("no/such/folder"))).unwrap_err();
        assert!(words.contains("github.com/line/line-openapi") && words.contains("BANSOU_CONTRACTS=skip"), "{words}");
    }

    #[test]
    fn skipped_documents_judge_nothing() {
        let contracts = Contracts::load(Some(PathBuf::from("skip"))).unwrap();
        assert!(contracts.check(Document::LineMessaging, "PushMessageRequest", &json!(1)).is_empty());
    }
}
