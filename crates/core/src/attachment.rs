//! Attachment: what came with a message besides words, and is kept so that it can be looked at and heard.
//!
//! A picture may show anything, and may not be what it says it is. What it is follows from its first bytes alone ([`sniff`]);
//! whatever isn't in the short list of [`MediaType`] is never shown.

use crate::codes;

codes! {
    /// What is fetched; the words are LINE's. Videos, files and places stay a plain sentence in the thread.
    AttachmentKind {
        /// A picture.
        Image = "image",
        /// A voice message.
        Audio = "audio",
    }
}

codes! {
    /// Where it stands.
    AttachmentState {
        /// To be fetched, or fetched again.
        Waiting = "waiting",
        /// Here.
        Kept = "kept",
        /// The provider doesn't have it, or couldn't be asked for a whole day.
        Gone = "gone",
        /// Larger than what is fetched.
        TooLarge = "too_large",
        /// Something that is shown to nobody, whatever it called itself.
        NotShown = "not_shown",
    }
}

codes! {
    /// What is shown, under this very `Content-Type` and no other.
    MediaType {
        /// A photo.
        Jpeg = "image/jpeg",
        /// A drawing or a screen.
        Png = "image/png",
        /// A picture that may move.
        Gif = "image/gif",
        /// The same in a newer form.
        Webp = "image/webp",
        /// A voice, as LINE's apps record it.
        Mp4Audio = "audio/mp4",
    }
}

/// Brands (ISO 14496-12) of files that hold sound. A photo of an iPhone (`heic`) begins alike and is none.
const SOUND: [&[u8; 4]; 11] =
    [b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"3gp4", b"3gp5"];

/// What bytes are that came as a picture or as a voice; `None` where they are neither, or the one in the other's place.
pub fn sniff(kind: AttachmentKind, bytes: &[u8]) -> Option<MediaType> {
    match kind {
        AttachmentKind::Image => picture(bytes),
        AttachmentKind::Audio => {
            let brand = bytes.get(8..12).filter(|_| bytes.get(4..8) == Some(b"ftyp"))?;
            SOUND.iter().any(|known| *known == brand).then_some(MediaType::Mp4Audio)
        }
    }
}

fn picture(bytes: &[u8]) -> Option<MediaType> {
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return Some(MediaType::Jpeg);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(MediaType::Png);
    }
    if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        return Some(MediaType::Gif);
    }
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    is_webp.then_some(MediaType::Webp)
}

#[cfg(test)]
mod tests {
    use super::AttachmentKind::{Audio, Image};
    use super::*;

    #[test]
    fn what_it_is_follows_from_its_first_bytes() {
        let cases: [(&[u8], AttachmentKind, MediaType); 7] = [
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", Image, MediaType::Jpeg),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Image, MediaType::Png),
            (b"GIF87a..", Image, MediaType::Gif),
            (b"GIF89a..", Image, MediaType::Gif),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Image, MediaType::Webp),
            (b"\0\0\0\x20ftypM4A \0\0\0\0", Audio, MediaType::Mp4Audio),
            (b"\0\0\0\x18ftypmp42isom", Audio, MediaType::Mp4Audio),
        ];
        for (bytes, kind, expected) in cases {
            assert_eq!(sniff(kind, bytes), Some(expected));
        }
    }

    #[test]
    fn anything_else_is_shown_to_nobody() {
        let others: [&[u8]; 9] = [
            b"",
            b"\xff\xd8",
            b"<!DOCTYPE html><script>alert(1)</script>",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
            b"%PDF-1.7",
            b"RIFF\x10\0\0\0WAVEfmt ",
            b"\0\0\0\x18ftypheicmif1",
            b"\0\0\0\x18ftyp",
            b"BM\x10\0\0\0",
        ];
        for bytes in others {
            for kind in [Image, Audio] {
                assert_eq!(sniff(kind, bytes), None, "{}", String::from_utf8_lossy(bytes));
            }
        }
    }

    #[test]
    fn a_picture_is_no_voice_and_a_voice_no_picture() {
        assert_eq!(sniff(Audio, b"\x89PNG\r\n\x1a\n"), None);
        assert_eq!(sniff(Image, b"\0\0\0\x20ftypM4A \0\0\0\0"), None);
    }
}
