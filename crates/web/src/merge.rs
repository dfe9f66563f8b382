//! Two people with the same form open: what one of them didn't touch stays as the other left it.
//!
//! A form carries the values with which it was opened. A field that stands as it was opened is taken as it is on record now; one that
//! both have changed, and differently, is left to a person.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::form::{FieldError, FormState};

/// The field in which a form carries what it showed.
const SHOWN: &str = "shown";

/// A form with what others have saved since it was opened.
pub(crate) struct Merged<F> {
    /// What is to be saved.
    pub(crate) form: F,
    /// Fields that others have changed and that a person has to decide about, with what they are on record now.
    pub(crate) both: Vec<(String, String)>,
}

impl<F: Clone> Merged<F> {
    /// The form again where somebody else has changed the same fields meanwhile: whoever saves decides, having read what is there now.
    /// `told` gives the place of a field's error ([`place`]) and what it is on record, in words; no words where a choice is shown anyway.
    pub(crate) fn to_decide(&self, told: impl Fn(&str, &str) -> (&'static str, String)) -> Option<FormState<F>> {
        let state = self.both.iter().fold(FormState::new(self.form.clone()), |state, (name, now)| {
            let (field, words) = told(name, now);
            state.with_error(field, FieldError::ChangedTo { words })
        });
        (!state.is_valid()).then_some(state)
    }
}

/// Where a field's error stands: at the field itself, `or` where it has no place of its own.
pub(crate) fn place(fields: &[&'static str], name: &str, or: &'static str) -> &'static str {
    fields.iter().copied().find(|field| *field == name).unwrap_or(or)
}

/// What a form shows, for its hidden field.
pub(crate) fn shown<F: Serialize>(form: &F) -> String {
    serde_json::to_string(&fields(form)).unwrap_or_default()
}

/// What was `sent`, brought together with what the form would show `now`. A form that doesn't say what it showed is taken as it is.
/// Of fields that belong `together`, group by group, nobody's are mixed with somebody else's: where both have changed any of a group, all
/// of it is left to a person.
pub(crate) fn merged<F: Clone + Serialize + DeserializeOwned>(
    sent: &F,
    opened: &str,
    now: &F,
    together: &[&[&str]],
) -> Merged<F> {
    let as_it_is = || Merged { form: sent.clone(), both: Vec::new() };
    let Ok(opened) = serde_json::from_str::<Map<String, Value>>(opened) else { return as_it_is() };
    let (mut typed, on_record) = (fields(sent), fields(now));
    let mut both = Vec::new();
    let differs =
        |group: &[&str], side: &Map<String, Value>| group.iter().any(|name| side.get(*name) != opened.get(*name));
    let mixed = together.iter().filter(|group| differs(group, &typed) && differs(group, &on_record));
    let mixed: Vec<String> = mixed.flat_map(|group| group.iter().map(|name| (*name).to_owned())).collect();
    for (name, value) in &mut typed {
        let (Some(was), Some(is)) = (opened.get(name), on_record.get(name)) else { continue };
        // What only this writer has touched stays as typed.
        if value == is || is == was {
            continue;
        }
        if value == was && !mixed.contains(name) {
            *value = is.clone();
        } else {
            both.push((name.clone(), is.as_str().unwrap_or_default().to_owned()));
        }
    }
    typed.insert(SHOWN.to_owned(), Value::String(shown(now)));
    match serde_json::from_value(Value::Object(typed)) {
        Ok(form) => Merged { form, both },
        Err(_) => as_it_is(),
    }
}

fn fields<F: Serialize>(form: &F) -> Map<String, Value> {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(form) else { return Map::new() };
    fields.remove(SHOWN);
    fields
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Clone, Default, Serialize, Deserialize)]
    struct Form {
        name: String,
        phone: String,
        plan: String,
        shown: String,
    }

    fn form(name: &str, phone: &str, plan: &str) -> Form {
        Form { name: name.to_owned(), phone: phone.to_owned(), plan: plan.to_owned(), shown: String::new() }
    }

    #[test]
    fn what_was_not_touched_stays_as_somebody_else_left_it() {
        let opened = shown(&form("見本", "1", "一行\n二行"));
        let Merged { form: saved, both } =
            merged(&form("見本 花子", "1", "一行\n二行"), &opened, &form("見本", "2", "別"), &[]);
        assert_eq!((saved.name.as_str(), saved.phone.as_str(), saved.plan.as_str()), ("見本 花子", "2", "別"));
        assert!(both.is_empty());
        assert_eq!(saved.shown, shown(&form("見本", "2", "別")), "sent once more, it is seen from here");
    }

    #[test]
    fn what_both_have_changed_is_left_to_a_person_unless_they_agree() {
        let opened = shown(&form("見本", "1", ""));
        let Merged { form: saved, both } = merged(&form("見本", "3", "同じ"), &opened, &form("見本", "2", "同じ"), &[]);
        assert_eq!((saved.phone.as_str(), both), ("3", vec![("phone".to_owned(), "2".to_owned())]));
        let again = merged(&form("見本", "3", "同じ"), &saved.shown, &form("見本", "2", "同じ"), &[]);
        assert!(again.both.is_empty() && again.form.phone == "3", "sent once more, it is meant");
    }

    #[test]
    fn what_belongs_together_is_never_mixed_of_two_peoples_words() {
        let opened = shown(&form("見本", "1", ""));
        let mine = form("見本", "3", "");
        let Merged { form: kept, both } = merged(&mine, &opened, &form("例田", "1", "別"), &[&["name", "phone"]]);
        assert_eq!((kept.name.as_str(), kept.phone.as_str(), kept.plan.as_str()), ("見本", "3", "別"));
        assert_eq!(both, [("name".to_owned(), "例田".to_owned())], "the other has not touched the phone");
        let untouched = merged(&form("見本", "1", "行"), &opened, &form("例田", "2", ""), &[&["name", "phone"]]);
        assert!(untouched.both.is_empty() && untouched.form.name == "例田" && untouched.form.phone == "2");
    }

    #[test]
    fn a_form_that_does_not_say_what_it_showed_is_taken_as_it_is() {
        let Merged { form: saved, both } = merged(&form("a", "b", "c"), "", &form("x", "y", "z"), &[]);
        assert!(both.is_empty() && saved.phone == "b");
    }
}
