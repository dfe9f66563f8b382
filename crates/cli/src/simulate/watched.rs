//! Work that a mishap may befall. In a build without crash points nothing befalls it.

#[cfg(any(debug_assertions, feature = "crash-points"))]
pub(super) use bansou_store::crash::{End, Watched};

#[cfg(any(debug_assertions, feature = "crash-points"))]
pub(super) type At = bansou_store::crash::Crash;

use super::step::Mishap;
#[cfg(any(debug_assertions, feature = "crash-points"))]
use super::step::MishapKind;

#[cfg(any(debug_assertions, feature = "crash-points"))]
pub(super) fn at(mishap: Option<Mishap>) -> Option<At> {
    use bansou_store::crash::Happens;
    let Mishap { point, nth, kind } = mishap?;
    let happens = match kind {
        MishapKind::Dies => Happens::Dies,
        MishapKind::Fails => Happens::Fails,
        MishapKind::Stands => Happens::Stands,
    };
    Some(At { point, nth, happens })
}

#[cfg(not(any(debug_assertions, feature = "crash-points")))]
mod undisturbed {
    use std::pin::Pin;

    use super::Mishap;

    pub(in super::super) type At = ();

    pub(in super::super) enum End<T> {
        Done(T),
        #[expect(dead_code, reason = "nothing dies here")]
        Died,
        #[expect(dead_code, reason = "nothing stands still here")]
        Stands,
    }

    pub(in super::super) struct Watched<'a, T>(Pin<Box<dyn Future<Output = T> + 'a>>);

    impl<'a, T> Watched<'a, T> {
        pub(in super::super) fn new(_: Option<At>, work: impl Future<Output = T> + 'a) -> Self {
            Self(Box::pin(work))
        }

        pub(in super::super) async fn run(&mut self) -> End<T> {
            End::Done(self.0.as_mut().await)
        }

        pub(in super::super) fn release(&self, _: Option<At>) {}
    }

    pub(in super::super) fn at(_: Option<Mishap>) -> Option<At> {
        None
    }
}

#[cfg(not(any(debug_assertions, feature = "crash-points")))]
pub(super) use undisturbed::{At, End, Watched, at};
