//! `X-Twilio-Signature`: base64 of HMAC-SHA1 over the URL and the sorted parameters (twilio.com/docs/usage/security).

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::Secret;

/// Signs a form as Twilio does: for the demo's phone page and for tests.
pub fn sign(token: &Secret, url: &str, form: &[(String, String)]) -> String {
    STANDARD.encode(mac(token, url, form).finalize().into_bytes())
}

/// True if one of the tokens signed this form for this URL, with or without its scheme's default port (Twilio's SDKs accept
/// both). The comparison takes constant time.
pub fn verify(tokens: &[Secret], url: &str, form: &[(String, String)], header: &str) -> bool {
    let Ok(given) = STANDARD.decode(header.trim()) else { return false };
    let urls = variants(url);
    tokens
        .iter()
        .filter(|token| !token.is_empty())
        .any(|token| urls.iter().any(|url| mac(token, url, form).verify_slice(&given).is_ok()))
}

fn mac(token: &Secret, url: &str, form: &[(String, String)]) -> Hmac<Sha1> {
    let mut mac = Hmac::<Sha1>::new_from_slice(token.expose().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(url.as_bytes());
    // Names sorted by bytes; of a repeated name each distinct value once, sorted, as the SDKs do.
    let sorted: BTreeSet<_> = form.iter().collect();
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    mac
}

/// The URL without user and fragment, and the same with the default port added or taken away. Path and query stay byte
/// for byte, so this works on the text and not on a parsed URL.
fn variants(url: &str) -> Vec<String> {
    let url = url.split('#').next().unwrap_or(url);
    let Some((scheme, rest)) = url.split_once("://") else { return vec![url.to_owned()] };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let default = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return vec![format!("{scheme}://{host}{tail}")],
    };
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    let mut urls = vec![format!("{scheme}://{host}{tail}")];
    if let Some(bare) = host.strip_suffix(default) {
        urls.push(format!("{scheme}://{bare}{tail}"));
    } else if !has_port {
        urls.push(format!("{scheme}://{host}{default}{tail}"));
    }
    urls
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://example.com/myapp.php?foo=1&bar=2";
    const SIGNATURE: &str = "L/OH5YylLD5NRKLltdqwSvS0BnU=";

    fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// Twilio's own example, out of order.
    fn example() -> Vec<(String, String)> {
        form(&[
            ("To", "+18005551212"),
            ("CallSid", "CA1234567890ABCDE"),
            ("Digits", "1234"),
            ("Caller", "+14158675310"),
            ("From", "+14158675310"),
        ])
    }

    fn tokens(values: &[&str]) -> Vec<Secret> {
        values.iter().map(|value| Secret::new(*value)).collect()
    }

    #[test]
    fn the_known_answer_of_twilio_is_right() {
        assert_eq!(sign(&Secret::new("12345"), URL, &example()), SIGNATURE);
        assert!(verify(&tokens(&["12345"]), URL, &example(), SIGNATURE));
        assert!(verify(&tokens(&["a newer one", "12345"]), URL, &example(), SIGNATURE));
    }

    #[test]
    fn the_default_port_may_be_there_or_not_but_no_other() {
        let token = Secret::new("12345");
        let with_port = "https://example.com:443/myapp.php?foo=1&bar=2";
        assert!(verify(&tokens(&["12345"]), with_port, &example(), SIGNATURE));
        assert!(verify(&tokens(&["12345"]), URL, &example(), &sign(&token, with_port, &example())));
        let other = "https://example.com:8443/myapp.php?foo=1&bar=2";
        assert!(!verify(&tokens(&["12345"]), other, &example(), SIGNATURE));
        assert!(verify(&tokens(&["12345"]), other, &example(), &sign(&token, other, &example())));
    }

    #[test]
    fn user_and_fragment_do_not_count() {
        let url = "https://user:password@example.com/myapp.php?foo=1&bar=2#rc=2";
        assert!(verify(&tokens(&["12345"]), url, &example(), SIGNATURE));
    }

    #[test]
    fn another_account_a_changed_value_path_or_signature_is_refused() {
        assert!(!verify(&tokens(&["54321"]), URL, &example(), SIGNATURE));
        assert!(!verify(&tokens(&[]), URL, &example(), SIGNATURE));
        assert!(!verify(&tokens(&["12345"]), "https://example.com/myapp.php?bar=2&foo=1", &example(), SIGNATURE));
        let mut changed = example();
        changed[2].1 = "1235".to_owned();
        assert!(!verify(&tokens(&["12345"]), URL, &changed, SIGNATURE));
        let mut more = example();
        more.push(("Extra".to_owned(), String::new()));
        assert!(!verify(&tokens(&["12345"]), URL, &more, SIGNATURE));
        for header in ["", "AAAA", "L/OH5YylLD5NRKLltdqwSvS0BnV=", "%%%"] {
            assert!(!verify(&tokens(&["12345"]), URL, &example(), header));
        }
    }

    #[test]
    fn a_repeated_name_counts_each_distinct_value_once() {
        let token = Secret::new("12345");
        let twice = form(&[("A", "2"), ("A", "1"), ("A", "2")]);
        assert_eq!(sign(&token, URL, &twice), sign(&token, URL, &form(&[("A", "1"), ("A", "2")])));
    }
}
