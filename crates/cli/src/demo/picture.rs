//! The picture that the demo's phone sends: an evening sky over the sea, drawn here, so that it is nobody's.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

const WIDTH: u32 = 320;
const HEIGHT: u32 = 240;
/// Where the sea begins, counted from above.
const HORIZON: u32 = 160;
/// The sun: its middle, and how far it reaches.
const SUN: (u32, u32, u32) = (210, 140, 34);

/// A PNG (W3C, third edition) of a few kilobytes.
pub(crate) fn evening() -> Vec<u8> {
    let mut header = Vec::with_capacity(13);
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    // Eight bits each of red, green and blue; no other choice.
    header.extend([8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(chunk(*b"IHDR", &header));
    png.extend(chunk(*b"IDAT", &packed(&rows())));
    png.extend(chunk(*b"IEND", &[]));
    png
}

fn rows() -> Vec<u8> {
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        // Each row begins with how it is filtered: not at all.
        rows.push(0);
        for x in 0..WIDTH {
            rows.extend(colour(x, y));
        }
    }
    rows
}

fn colour(x: u32, y: u32) -> [u8; 3] {
    let far = x.abs_diff(SUN.0).pow(2) + y.abs_diff(SUN.1).pow(2);
    if y < HORIZON && far < SUN.2.pow(2) {
        return [255, 226, 150];
    }
    let deep = u8::try_from(y * 120 / HEIGHT).unwrap_or(u8::MAX);
    if y < HORIZON { [120 + deep, 110 + deep / 2, 170 - deep / 2] } else { [40, 140 - deep, 170 - deep] }
}

fn packed(rows: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(rows).expect("writing into memory doesn't fail");
    packed.finish().expect("writing into memory doesn't fail")
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("a small picture");
    let named = [&kind, data].concat();
    let mut sum = Crc::new();
    sum.update(&named);
    [&length.to_be_bytes()[..], &named, &sum.sum().to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use bansou_core::attachment::{AttachmentKind, MediaType, sniff};

    use super::*;

    #[test]
    fn it_is_a_small_png_with_a_good_sum_on_each_piece() {
        let png = evening();
        assert_eq!(sniff(AttachmentKind::Image, &png), Some(MediaType::Png));
        assert!(png.len() < 20_000, "{} bytes", png.len());
        // The sum of an empty last piece is known.
        assert!(png.ends_with(&[0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82]));
    }
}
