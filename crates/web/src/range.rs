//! The part of a file that a browser asks for (RFC 9110, 14.2): players ask for a voice piece by piece, and Safari plays none
//! that it can't ask for so.

use std::ops::Range;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};

/// What of a file is wanted.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// All of it: nothing else was asked for, or nothing that we give (several pieces, another unit).
    Whole,
    /// These bytes, at least one.
    Part(Range<usize>),
    /// Nothing that is there.
    Beyond,
}

/// The file, or the one piece of it that was asked for.
pub(crate) fn answer(asked: &HeaderMap, bytes: Vec<u8>) -> Response {
    let whole = bytes.len();
    let mut response = match wanted(asked, whole) {
        Wanted::Whole => bytes.into_response(),
        Wanted::Part(part) => {
            let place = format!("bytes {}-{}/{whole}", part.start, part.end - 1);
            (StatusCode::PARTIAL_CONTENT, [(header::CONTENT_RANGE, place)], bytes[part].to_vec()).into_response()
        }
        Wanted::Beyond => {
            (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, format!("bytes */{whole}"))]).into_response()
        }
    };
    response.headers_mut().insert(header::ACCEPT_RANGES, http::HeaderValue::from_static("bytes"));
    response
}

fn wanted(asked: &HeaderMap, whole: usize) -> Wanted {
    let text = asked.get(header::RANGE).and_then(|value| value.to_str().ok());
    let Some((first, last)) = text.and_then(|text| text.strip_prefix("bytes=")?.split_once('-')) else {
        return Wanted::Whole;
    };
    let part = match (first.parse::<usize>().ok(), last.parse::<usize>().ok()) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(whole),
        (Some(first), None) if last.is_empty() => first..whole,
        // The last so many bytes.
        (None, Some(last)) if first.is_empty() => whole.saturating_sub(last)..whole,
        _ => return Wanted::Whole,
    };
    if part.is_empty() { Wanted::Beyond } else { Wanted::Part(part) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Wanted {
        let headers = HeaderMap::from_iter([(header::RANGE, text.parse().unwrap())]);
        wanted(&headers, 10)
    }

    #[test]
    fn one_piece_is_given_as_it_was_asked_for() {
        assert_eq!(of("bytes=0-1"), Wanted::Part(0..2));
        assert_eq!(of("bytes=3-"), Wanted::Part(3..10));
        assert_eq!(of("bytes=-4"), Wanted::Part(6..10));
        assert_eq!(of("bytes=5-99"), Wanted::Part(5..10));
        assert_eq!(of("bytes=-99"), Wanted::Part(0..10));
        assert_eq!(of(&format!("bytes=9-{}", usize::MAX)), Wanted::Part(9..10));
    }

    #[test]
    fn what_isnt_there_is_refused_and_what_we_dont_know_is_answered_whole() {
        for beyond in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            assert_eq!(of(beyond), Wanted::Beyond, "{beyond}");
        }
        for other in ["bytes=0-1,4-5", "bytes=", "bytes=-", "bytes=4-1", "bytes=a-b", "lines=0-1", "bytes=0-1-2"] {
            assert_eq!(of(other), Wanted::Whole, "{other}");
        }
        assert_eq!(wanted(&HeaderMap::new(), 10), Wanted::Whole);
    }
}
