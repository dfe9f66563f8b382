//! All samples as files, for a look at them in a browser: `BANSOU_GALLERY=dir cargo test -p bansou-tests gallery`.

use std::path::Path;
use std::sync::Arc;

use bansou_core::words::{Lang, Words};
use bansou_web::assets;
use bansou_web::pages::{Frame, all_samples};
use bansou_web::render::Pages;

#[test]
fn gallery_of_all_samples() {
    let Some(dir) = std::env::var_os("BANSOU_GALLERY") else { return };
    let dir = Path::new(&dir);
    let pages = Pages::embedded(&Arc::new(Words::embedded())).unwrap();
    let icon = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/web/assets/bansou.svg");
    std::fs::create_dir_all(dir).unwrap();
    std::fs::write(dir.join("bansou.css"), assets::style()).unwrap();
    std::fs::write(dir.join("bansou.js"), assets::script()).unwrap();
    std::fs::copy(icon, dir.join("bansou.svg")).unwrap();
    for lang in Lang::ALL {
        for sample in all_samples(lang) {
            let html = pages.render_sample(&Frame::sample(lang, sample.place), &sample).unwrap();
            let html = html
                .replace(&pages.assets().style, "bansou.css")
                .replace(&pages.assets().script, "bansou.js")
                .replace(&pages.assets().icon, "bansou.svg");
            let stem = sample.template.trim_start_matches("pages/").trim_end_matches(".html");
            std::fs::write(dir.join(format!("{stem}.{}.{lang}.html", sample.name)), html).unwrap();
        }
    }
}
