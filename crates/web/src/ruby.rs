//! Readings in a finished page: `<ruby>` in running text where the reader wants it, nothing anywhere else.
//!
//! The reading is hidden from screen readers, which would say every word twice (ux.md B), and never stands in an attribute, a
//! title, a list to choose from or a button.

use bansou_core::furigana::{Piece, is_marked, pieces, plain};
use bansou_core::preferences::Furigana;

/// Elements that hold plain text, or are nothing but a control's name.
const WITHOUT: [&str; 5] = ["title", "textarea", "option", "button", "script"];

/// The page with the readings that are wanted.
pub fn annotate(html: String, wanted: Furigana) -> String {
    if !is_marked(&html) {
        return html;
    }
    if wanted == Furigana::Off {
        return plain(&html).into_owned();
    }
    let mut page = String::with_capacity(html.len() + html.len() / 4);
    let mut without = None;
    let mut rest = html.as_str();
    while !rest.is_empty() {
        let (text, behind) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        let wanted = if without.is_some() { Furigana::Off } else { wanted };
        pieces(text, wanted).for_each(|piece| push(&mut page, piece));
        let (tag, behind) = behind.split_at(end_of_tag(behind));
        page.push_str(&plain(tag));
        without = inside(without, tag);
        rest = behind;
    }
    page
}

fn push(page: &mut String, piece: Piece<'_>) {
    match piece {
        Piece::Text(text) => page.push_str(text),
        Piece::Ruby { base, reading } => {
            for part in ["<ruby>", base, "<rt aria-hidden=\"true\">", reading, "</rt></ruby>"] {
                page.push_str(part);
            }
        }
    }
}

/// Where the tag at the beginning of a text ends; a `>` between quotes doesn't end it.
fn end_of_tag(text: &str) -> usize {
    let mut quoted = false;
    let end = text.find(|c| {
        quoted ^= c == '"';
        c == '>' && !quoted
    });
    end.map_or(text.len(), |at| at + 1)
}

/// The element without readings in which the text after this tag stands.
fn inside(before: Option<&'static str>, tag: &str) -> Option<&'static str> {
    let name = |tag: &str| tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_owned();
    if let Some(open) = before {
        let closes = tag.strip_prefix("</").is_some_and(|tag| name(tag) == open);
        return (!closes).then_some(open);
    }
    let opened = name(tag.strip_prefix('<')?);
    WITHOUT.into_iter().find(|element| *element == opened)
}

#[cfg(test)]
mod tests {
    use bansou_core::furigana::{marked, name};

    use super::*;

    #[test]
    fn readings_stand_in_running_text_and_nowhere_else() {
        let html = marked(
            "<title>{予定|よてい}</title><p title=\"{予定|よてい}>\">{予定|よてい}</p><button class=\"b\"><b>{予定|よてい}</b></button><a>{予定|よてい}</a>",
        );
        let ruby = "<ruby>予定<rt aria-hidden=\"true\">よてい</rt></ruby>";
        let expected = format!(
            "<title>予定</title><p title=\"予定>\">{ruby}</p><button class=\"b\"><b>予定</b></button><a>{ruby}</a>"
        );
        assert_eq!(annotate(html.clone(), Furigana::All), expected);
        let off = "<title>予定</title><p title=\"予定>\">予定</p><button class=\"b\"><b>予定</b></button><a>予定</a>";
        assert_eq!(annotate(html.clone(), Furigana::Off), off);
        assert_eq!(annotate(html, Furigana::Names), off);
    }

    #[test]
    fn names_have_theirs_where_only_names_are_wanted() {
        let html = format!("<h1>{}の{}</h1>", name("見本 花子", "ミホン ハナコ"), marked("{予定|よてい}"));
        let page = annotate(html, Furigana::Names);
        assert_eq!(page.matches("<ruby>").count(), 2, "{page}");
        assert!(page.ends_with("の予定</h1>"), "{page}");
    }

    #[test]
    fn what_people_write_can_open_no_element() {
        let html = "<p>&lt;b\u{FFF9}&lt;i\u{FFFA}x&gt;\u{FFFB}</p>".to_owned();
        assert_eq!(annotate(html, Furigana::All), "<p>&lt;b<ruby>&lt;i<rt aria-hidden=\"true\">x&gt;</rt></ruby></p>");
    }
}
