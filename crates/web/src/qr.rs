//! QR codes as the outline of one SVG path, so that a template draws them without unescaped text.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;

/// A QR code in a square of `size` units, quiet zone of four modules included.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Qr {
    /// Width and height of the view box.
    pub size: usize,
    /// The path's `d`: dark modules, joined along rows.
    pub path: String,
}

const QUIET: usize = 4;

/// The code for a text, or `None` when it is longer than a QR code can hold.
pub fn qr(text: &str) -> Option<Qr> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    Some(Qr { size: width + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_a_quiet_zone_and_covers_every_dark_module() {
        let text = "https://bansou.example/line/abc";
        let code = qr(text).expect("short enough");
        let plain = QrCode::with_error_correction_level(text, EcLevel::M).expect("short enough");
        let dark = plain.to_colors().iter().filter(|color| **color == Color::Dark).count();
        let drawn: usize = code
            .path
            .split('h')
            .skip(1)
            .step_by(2)
            .filter_map(|part| part.split('v').next()?.parse::<usize>().ok())
            .sum();
        assert_eq!(drawn, dark);
        assert_eq!(code.size, plain.width() + 8);
        assert!(code.path.starts_with("M4 4h7"), "the finder pattern begins after the quiet zone");
    }

    #[test]
    fn a_text_that_does_not_fit_has_no_code() {
        assert!(qr(&"あ".repeat(3000)).is_none());
    }
}
